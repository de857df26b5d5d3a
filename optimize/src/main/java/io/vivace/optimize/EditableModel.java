package io.vivace.optimize;

import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.onnx.OnnxFileWriter;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.ModelWeights;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.graph.WeightPass;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model file of any format, opened for changes. */
interface EditableModel extends AutoCloseable {
  /** Opens a file, which the artifact keeps. */
  static EditableModel open(ModelArtifact artifact, PipelineOptions options) {
    return artifact.format() == ModelFormat.TORCHSCRIPT
        ? TorchModel.open(artifact)
        : OnnxModelFile.open(artifact, options.limits());
  }

  /**
   * Refuses what a format cannot do, before anything is done.
   *
   * @throws GraphException if a step has such a pass; the message says why and what to do
   */
  static void requireCan(ModelArtifact artifact, List<Step> steps) {
    if (artifact.format() != ModelFormat.TORCHSCRIPT) {
      return;
    }
    for (Step step : steps) {
      for (GraphPass pass : step.passes()) {
        if (!(pass instanceof WeightPass)) {
          throw new GraphException(
              "model %s is a TorchScript archive, of which the weights can be given other values"
                      .formatted(artifact.name())
                  + " (Pruning, ZeroedWeights, WeightSharing, Rounding); %s needs the"
                      .formatted(pass)
                  + " graph, which is program code there. Export the model to ONNX for that");
        }
      }
    }
  }

  ModelWeights weights();

  void apply(GraphPass pass, PassContext context);

  /** The file as it was. */
  long bytes();

  ModelSize size(long bytes, PassContext context);

  /** Without reading weights. */
  ModelSize quickSize(long bytes);

  /** What the model computes with in the place of an original weight; null if it is not there. */
  float @Nullable [] values(Weight original);

  void save(Path target, OnnxFileWriter writer);

  @Override
  void close();
}
