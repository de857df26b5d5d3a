package io.vivace.optimize;

import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.onnx.OnnxFileWriter;
import io.vivace.core.model.onnx.OnnxLimits;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.ModelWeights;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** An ONNX file: all passes. */
record OnnxModelFile(ModelGraph model) implements EditableModel {
  static EditableModel open(ModelArtifact artifact, OnnxLimits limits) {
    // The same file, which is not removed when the model is closed.
    return new OnnxModelFile(
        ModelGraph.open(
            () -> ModelArtifact.of(artifact.name(), artifact.path(), artifact.format()), limits));
  }

  @Override
  public ModelWeights weights() {
    return model;
  }

  @Override
  public void apply(GraphPass pass, PassContext context) {
    pass.apply(model, context);
  }

  @Override
  public long bytes() {
    return model.bytes();
  }

  @Override
  public ModelSize size(long bytes, PassContext context) {
    return ModelSize.of(model, bytes, context);
  }

  @Override
  public ModelSize quickSize(long bytes) {
    return ModelSize.quick(model, bytes);
  }

  @Override
  public float @Nullable [] values(Weight original) {
    return LayerNoise.values(original, model.graph());
  }

  @Override
  public void save(Path target, OnnxFileWriter writer) {
    model.save(target, writer);
  }

  @Override
  public void close() {
    model.close();
  }
}
