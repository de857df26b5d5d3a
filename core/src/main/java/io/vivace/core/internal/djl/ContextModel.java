package io.vivace.core.internal.djl;

import ai.djl.BaseModel;
import ai.djl.ndarray.types.DataType;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.spi.LoadedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A DJL model over any engine's loaded model, so that DJL's own predictor runs it. It has one
 * execution context, so one predictor at a time may use it.
 */
final class ContextModel extends BaseModel {
  private final ContextBlock body;

  ContextModel(ModelArtifact artifact, LoadedModel model) {
    super(artifact.name());
    this.body = new ContextBlock(model.signature(), model.newContext());
    this.block = body;
    this.manager = ArraySource.newManager();
    this.dataType = DataType.FLOAT32;
    Path path = artifact.path();
    this.modelDir = Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
  }

  @Override
  public void load(Path path, @Nullable String prefix, @Nullable Map<String, ?> options) {
    throw new UnsupportedOperationException("the model is loaded already");
  }

  @Override
  public void close() {
    body.close();
    super.close();
  }
}
