package io.vivace.optimize;

import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.LayerPass;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.internal.TemporaryFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How much the outputs of a model change when a pass does its work in one layer only. To leave the
 * layers alone that it hurts most:
 *
 * <pre>{@code
 * List<LayerSensitivity> layers = LayerSensitivity.rank(source, way, samples);
 * way.without(layers.subList(0, 3).stream().map(LayerSensitivity::weight).toList());
 * }</pre>
 *
 * <p>To leave as many alone as some quality needs, let {@link Compression#keep} search.
 *
 * @param weight the name of the layer's weight
 * @param signalToNoiseDecibels of the output that changes most; infinite if none does, negative
 *     infinity if an output is not a number where the original's is one
 */
public record LayerSensitivity(String weight, double signalToNoiseDecibels) {
  /**
   * Measures all layers that a pass can change, one by one. Takes as many runs of the pass and of
   * the samples as there are layers.
   *
   * @param source the model
   * @param way the pass; layers that it leaves alone already must not be in the model
   * @param samples each a map from the names of all inputs to tensors of full shape; read through
   *     once per layer
   * @return the layers that are hurt most first; layers that the pass refuses to change are left
   *     out
   * @throws GraphException if no engine on the class path opens the model
   * @throws IllegalArgumentException if there is no sample, or one does not fit the model
   */
  public static List<LayerSensitivity> rank(
      ModelSource source, LayerPass way, Iterable<Map<String, Tensor>> samples) {
    Objects.requireNonNull(samples, "samples");
    List<LayerSensitivity> found = new ArrayList<>();
    try (ModelArtifact artifact = source.resolve();
        TemporaryFolder folder = TemporaryFolder.create()) {
      Path file = folder.file("layer.onnx");
      List<String> layers = layers(source);
      for (String layer : layers) {
        List<String> others = layers.stream().filter(name -> !name.equals(layer)).toList();
        if (write(source, way.without(others), file)) {
          found.add(new LayerSensitivity(layer, signalToNoise(artifact, file, samples)));
        }
      }
    }
    found.sort(Comparator.comparingDouble(LayerSensitivity::signalToNoiseDecibels));
    return List.copyOf(found);
  }

  private static List<String> layers(ModelSource source) {
    try (ModelGraph model = ModelGraph.open(source)) {
      return LayerWeight.of(model.graph()).stream().map(LayerWeight::name).toList();
    }
  }

  private static boolean write(ModelSource source, LayerPass pass, Path target) {
    try (ModelGraph model = ModelGraph.open(source)) {
      pass.apply(model, PassContext.defaults());
      model.save(target);
      return true;
    } catch (GraphException e) {
      return false;
    }
  }

  private static double signalToNoise(
      ModelArtifact original, Path changed, Iterable<Map<String, Tensor>> samples) {
    return EngineCheck.compare(original, changed, samples, Duration.ZERO).differences().stream()
        .mapToDouble(LayerSensitivity::worst)
        .min()
        .orElseThrow(
            () ->
                new GraphException(
                    "no engine on the class path opens %s; add".formatted(original)
                        + " io.vivace:vivace-engine-onnxruntime"));
  }

  /** No values are no change; values that are no numbers are the worst. */
  private static double worst(OutputDifference difference) {
    double found = difference.signalToNoiseDecibels();
    if (difference.elements() == 0) {
      return Double.POSITIVE_INFINITY;
    }
    return Double.isNaN(found) ? Double.NEGATIVE_INFINITY : found;
  }
}
