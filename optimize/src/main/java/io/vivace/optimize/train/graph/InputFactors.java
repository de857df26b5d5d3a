package io.vivace.optimize.train.graph;

import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.LayerWeight;
import java.util.Arrays;
import java.util.List;

/** A factor for each input of a matrix, spread over its elements. */
final class InputFactors {
  private InputFactors() {}

  static double[] of(
      GraphNetwork network, List<LayerWeight> layers, String name, double[] factors) {
    LayerWeight layer =
        layers.stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new GraphException(
                        "model %s has no layer weight named %s, but factors are given for it; it has %s"
                            .formatted(
                                network.model().name(),
                                name,
                                layers.stream().map(LayerWeight::name).toList())));
    long[] shape = layer.weight().shape().toArray();
    int inputAxis = 1 - layer.channelAxis();
    if (shape.length != 2 || shape[inputAxis] != factors.length) {
      throw new GraphException(
          "%d factors are given for the inputs of %s, which is of shape %s; wanted is a matrix of as many inputs"
              .formatted(factors.length, name, Arrays.toString(shape)));
    }
    int columns = (int) shape[1];
    double[] all = new double[Math.toIntExact(shape[0] * shape[1])];
    Arrays.setAll(all, i -> factors[inputAxis == 1 ? i % columns : i / columns]);
    return all;
  }
}
