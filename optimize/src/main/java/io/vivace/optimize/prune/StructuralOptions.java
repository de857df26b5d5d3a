package io.vivace.optimize.prune;

import io.vivace.core.tensor.Tensor;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What structural pruning was asked for. */
record StructuralOptions(
    Method method,
    Map<String, float[]> gradients,
    @Nullable Iterable<Map<String, Tensor>> samples,
    double ratio,
    Map<String, Double> ratios,
    boolean global,
    int multiple,
    Set<String> only,
    Set<String> excluded) {

  /** What decides. */
  enum Method {
    L1,
    L2,
    BATCH_NORM_SCALE,
    TAYLOR,
    ACTIVATION,
    ZEROED
  }

  static StructuralOptions of(Method method) {
    return new StructuralOptions(
        method, Map.of(), null, 0.5, Map.of(), false, 1, Set.of(), Set.of());
  }

  StructuralOptions gradients(Map<String, float[]> given) {
    return new StructuralOptions(
        method, Map.copyOf(given), samples, ratio, ratios, global, multiple, only, excluded);
  }

  StructuralOptions samples(Iterable<Map<String, Tensor>> given) {
    return new StructuralOptions(
        method, gradients, given, ratio, ratios, global, multiple, only, excluded);
  }

  StructuralOptions ratio(double share) {
    return new StructuralOptions(
        method, gradients, samples, share, ratios, global, multiple, only, excluded);
  }

  StructuralOptions ratio(String weight, double share) {
    Map<String, Double> all = new TreeMap<>(ratios);
    all.put(weight, share);
    return new StructuralOptions(
        method, gradients, samples, ratio, all, global, multiple, only, excluded);
  }

  StructuralOptions ofWholeModel() {
    return new StructuralOptions(
        method, gradients, samples, ratio, ratios, true, multiple, only, excluded);
  }

  StructuralOptions multiple(int number) {
    return new StructuralOptions(
        method, gradients, samples, ratio, ratios, global, number, only, excluded);
  }

  StructuralOptions only(Set<String> more) {
    return new StructuralOptions(
        method, gradients, samples, ratio, ratios, global, multiple, joined(only, more), excluded);
  }

  StructuralOptions excluded(Set<String> more) {
    return new StructuralOptions(
        method, gradients, samples, ratio, ratios, global, multiple, only, joined(excluded, more));
  }

  private static Set<String> joined(Set<String> some, Set<String> more) {
    Set<String> all = new TreeSet<>(some);
    all.addAll(more);
    return all;
  }
}
