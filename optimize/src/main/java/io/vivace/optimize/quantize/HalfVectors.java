package io.vivace.optimize.quantize;

import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.core.tensor.Float16;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Patterns;
import io.vivace.optimize.graph.Uses;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Stores the biases of products, and scale and shift of layer normalizations, in half precision,
 * with a {@code Cast} that engines do when they load the model. What that rounds is far below what
 * integers round. Other vectors stay: a list of positions would not be one any more.
 */
final class HalfVectors {
  /** Smaller ones save less than the node takes. */
  private static final long FEWEST_ELEMENTS = 128;

  /** Half of the last of eleven bits, relative to the largest element of a vector. */
  private static final double LARGEST_ERROR = 0x1p-11;

  private HalfVectors() {}

  static void store(Graph graph) {
    Uses uses = Uses.of(graph);
    Set<String> others = otherValues(graph, uses);
    List<Node> casts = new ArrayList<>();
    for (Weight weight : List.copyOf(graph.weights())) {
      if (isVector(graph, weight)
          && !others.contains(weight.name())
          && isCloseInHalf(weight.floats())) {
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

  private static boolean isVector(Graph graph, Weight weight) {
    return weight.type() == OnnxElementType.FLOAT
        && weight.shape().rank() == 1
        && weight.shape().elements() >= FEWEST_ELEMENTS
        && !graph.isInput(weight.name())
        && !graph.isOutput(weight.name());
  }

  /** What nodes take, but for biases, and scales and shifts of normalizations. */
  private static Set<String> otherValues(Graph graph, Uses uses) {
    Set<String> norms = new HashSet<>();
    Set<Node> nodes = SpelledOut.norms(graph);
    for (Patterns.LayerNorm norm : Patterns.layerNorms(graph)) {
      norms.add(norm.scale());
      norms.add(norm.shift());
    }
    Set<String> others = new HashSet<>();
    for (Node node : graph.nodes()) {
      Set<String> values = new HashSet<>(Uses.inputsOf(node));
      if (nodes.contains(node)) {
        values.removeAll(norms);
      } else if (node.is("Add") && node.inputs().stream().anyMatch(v -> isProduct(uses, v))) {
        values.removeAll(node.inputs());
      }
      others.addAll(values);
    }
    return others;
  }

  private static boolean isProduct(Uses uses, String value) {
    return uses.producer(value).filter(node -> node.is("MatMul")).isPresent();
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
