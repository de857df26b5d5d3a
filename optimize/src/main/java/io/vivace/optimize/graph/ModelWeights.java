package io.vivace.optimize.graph;

import io.vivace.optimize.internal.NearestNames;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The weights of a model's layers, whatever the format of the model is. */
public interface ModelWeights {
  /**
   * Returns the model's name for messages.
   *
   * @return for example {@code resnet50.onnx}
   */
  String name();

  /**
   * Returns the weights.
   *
   * @return each once, in the model's order
   * @throws GraphException if the model holds them in a way that cannot be changed
   */
  List<? extends LayerTensor> layers();

  /**
   * Returns the weights but some.
   *
   * @param excluded names of weights, each of which must be there
   * @return the others
   * @throws GraphException if a name is unknown
   */
  default List<? extends LayerTensor> layersWithout(Set<String> excluded) {
    List<? extends LayerTensor> layers = layers();
    Set<String> unknown = new TreeSet<>(excluded);
    layers.forEach(layer -> unknown.remove(layer.name()));
    if (!unknown.isEmpty()) {
      throw new GraphException(
          "model %s has no layer weight named %s, but they are excluded%s"
              .formatted(
                  name(),
                  unknown,
                  NearestNames.of(unknown, layers.stream().map(LayerTensor::name).toList())));
    }
    return layers.stream().filter(layer -> !excluded.contains(layer.name())).toList();
  }
}
