package io.vivace.optimize.quantize;

import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.core.tensor.Float16;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Uses;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Stores the vectors that are added to activations or multiplied with them, as biases and the
 * factors of normalizations, in half precision, with a {@code Cast} that engines do when they load
 * the model. What that rounds is far below what integers round.
 */
final class HalfVectors {
  /** Smaller ones save less than the node takes. */
  private static final long FEWEST_ELEMENTS = 128;

  /** Half of the last of eleven bits, relative to the largest element of a vector. */
  private static final double LARGEST_ERROR = 0x1p-11;

  private static final Set<String> USERS = Set.of("Add", "Sub", "Mul", "Div", "LayerNormalization");

  private HalfVectors() {}

  static void store(Graph graph) {
    Uses uses = Uses.of(graph);
    List<Node> casts = new ArrayList<>();
    for (Weight weight : List.copyOf(graph.weights())) {
      if (isVector(graph, uses, weight) && isCloseInHalf(weight.floats())) {
        String half = graph.freshName(weight.name() + "_half");
        graph.removeWeight(weight.name());
        graph.put(
            Weight.of(
                half, OnnxElementType.FLOAT16, weight.shape(), new HalfContent(weight.elements())));
        casts.add(Float16Quantization.cast(half, weight.name(), OnnxElementType.FLOAT));
      }
    }
    graph.nodes().addAll(0, casts);
  }

  private static boolean isVector(Graph graph, Uses uses, Weight weight) {
    return weight.type() == OnnxElementType.FLOAT
        && weight.shape().rank() == 1
        && weight.shape().elements() >= FEWEST_ELEMENTS
        && !graph.isInput(weight.name())
        && !graph.isOutput(weight.name())
        && uses.consumers(weight.name()).stream()
            .allMatch(node -> node.domain().isEmpty() && USERS.contains(node.operator()));
  }

  /** Not if something is not finite, out of range, or all is so small that bits are lost. */
  private static boolean isCloseInHalf(float[] values) {
    double largest = 0;
    double error = 0;
    for (float value : values) {
      double half = Float16.toFloat(Float16.fromFloat(value));
      if (!Double.isFinite(half)) {
        return false;
      }
      largest = Math.max(largest, Math.abs(value));
      error = Math.max(error, Math.abs(half - value));
    }
    return error <= largest * LARGEST_ERROR;
  }
}
