package io.vivace.optimize.quantize;

import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.calibrate.ActivationReader;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What samples tell of the inputs of products. */
final class Activations {
  private final Map<String, ChannelMoments> moments = new TreeMap<>();

  private Activations() {}

  static Activations none() {
    return new Activations();
  }

  static Activations read(
      ModelGraph model,
      List<String> inputs,
      Iterable<Map<String, Tensor>> samples,
      PassContext context) {
    Activations result = new Activations();
    try (ActivationReader reader = ActivationReader.open(model, inputs, context)) {
      reader.read(
          samples,
          values -> {
            List<String> names = List.copyOf(values.keySet());
            names.forEach(name -> result.prepare(name, Objects.requireNonNull(values.get(name))));
            context.forEach(
                names.size(),
                i -> result.add(names.get(i), Objects.requireNonNull(values.get(names.get(i)))));
          });
    }
    return result;
  }

  private void prepare(String name, Tensor tensor) {
    int rank = tensor.shape().rank();
    if (rank > 0) {
      int channels = Math.toIntExact(tensor.shape().dimension(rank - 1));
      moments.computeIfAbsent(name, key -> new ChannelMoments(channels));
    }
  }

  private void add(String name, Tensor tensor) {
    ChannelMoments sums = moments.get(name);
    if (sums != null) {
      sums.add(tensor.toFloats());
    }
  }

  boolean has(String input) {
    return moments.containsKey(input);
  }

  ChannelMoments of(String input) {
    return Objects.requireNonNull(moments.get(input), input);
  }
}
