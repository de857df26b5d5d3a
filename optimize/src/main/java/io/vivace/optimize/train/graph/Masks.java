package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which weights of a network are 0. The network computes with weights times mask, so that a masked
 * weight gets no gradient; its value stays, and comes back if a later mask keeps it.
 */
final class Masks {
  private final GraphNetwork network;
  private final List<GraphParameter> parameters = new ArrayList<>();
  private final List<NDArray> masks = new ArrayList<>();
  private final Map<String, double[]> factors = new HashMap<>();

  Masks(GraphNetwork network) {
    this.network = network;
  }

  /** Masks what is 0 in a weight now. */
  void add(GraphParameter parameter) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray mask =
          parameter.trained().stopGradient().neq(0).toType(parameter.trained().getDataType(), true);
      NDScope.unregister(mask);
      mask.attach(network.manager());
      parameters.add(parameter);
      masks.add(mask);
      network.keep("mask/" + parameter.name(), mask);
      parameter.add(weight -> weight.mul(mask));
    }
  }

  /** Multiplies the magnitudes of a weight by a factor for each of its elements. */
  void factors(String name, double[] each) {
    factors.put(name, each);
  }

  /** Keeps the largest weights of each tensor, rounded to the nearest number of weights. */
  void limitEach(double sparsity) {
    for (int i = 0; i < masks.size(); i++) {
      double[] magnitudes = magnitudes(parameters.get(i));
      set(i, magnitudes, threshold(magnitudes, sparsity));
    }
  }

  /** Keeps the largest weights of all tensors together. */
  void limitAll(double sparsity) {
    List<double[]> all = parameters.stream().map(this::magnitudes).toList();
    double[] together = all.stream().flatMapToDouble(Arrays::stream).toArray();
    double threshold = threshold(together, sparsity);
    for (int i = 0; i < masks.size(); i++) {
      set(i, all.get(i), threshold);
    }
  }

  private double[] magnitudes(GraphParameter parameter) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray magnitudes = parameter.trained().stopGradient().abs();
      double[] values = magnitudes.toType(DataType.FLOAT64, false).toDoubleArray();
      double[] own = factors.get(parameter.name());
      if (own != null) {
        Arrays.setAll(values, i -> values[i] * own[i]);
      }
      return values;
    }
  }

  /** The smallest magnitude that stays; at least one weight does. */
  private static double threshold(double[] magnitudes, double sparsity) {
    double[] sorted = magnitudes.clone();
    Arrays.sort(sorted);
    int zeros = (int) Math.rint(sorted.length * sparsity);
    return sorted[Math.min(zeros, sorted.length - 1)];
  }

  private void set(int index, double[] magnitudes, double threshold) {
    NDArray mask = masks.get(index);
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      double[] kept = Arrays.stream(magnitudes).map(m -> m >= threshold ? 1 : 0).toArray();
      NDArray values = network.manager().create(kept, mask.getShape());
      NDArray typed = values.toType(mask.getDataType(), true);
      mask.muli(network.scalar(0)).addi(typed);
    }
  }
}
