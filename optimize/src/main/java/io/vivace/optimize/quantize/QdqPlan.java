package io.vivace.optimize.quantize;

import io.vivace.optimize.graph.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which values of a graph are to be quantized, and how. */
final class QdqPlan {
  /** By name, in the order in which they were found. */
  final Map<String, Mark> marks = new LinkedHashMap<>();

  final Map<String, Bias> biases = new LinkedHashMap<>();
  final List<Node> removed = new ArrayList<>();

  /**
   * A value that is quantized.
   *
   * @param weight whether it has the type of weights, not of activations
   * @param axis the axis of the channels, or -1
   * @param provider the value whose scale it takes; null if it has its own
   */
  record Mark(boolean weight, int axis, @Nullable String provider) {
    static final Mark ACTIVATION = new Mark(false, -1, null);
  }

  /**
   * A bias: 32-bit integers, whose scale is the product of the scales of input and weight.
   *
   * @param input the input of the node
   * @param weight its weight
   * @param beta factor of its scale; 1 but in strict mode
   */
  record Bias(String input, String weight, float beta) {}

  boolean contains(String value) {
    return marks.containsKey(value) || biases.containsKey(value);
  }
}
