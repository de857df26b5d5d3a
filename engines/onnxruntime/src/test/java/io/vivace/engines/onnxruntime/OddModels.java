package io.vivace.engines.onnxruntime;

import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.spi.LoadedModel;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;

/** The models beside the tests; {@code README.md} there says what is odd about each. */
final class OddModels {
  private OddModels() {}

  static ModelArtifact artifact(String name) {
    URL url = Objects.requireNonNull(OddModels.class.getResource(name + ".onnx"), name);
    try {
      return ModelArtifact.of(name, Path.of(url.toURI()), ModelFormat.ONNX);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static LoadedModel open(String name) {
    OnnxRuntimeProvider provider = new OnnxRuntimeProvider();
    return provider.open(artifact(name), provider.defaultOptions());
  }
}
