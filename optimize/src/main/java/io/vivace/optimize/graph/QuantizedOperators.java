package io.vivace.optimize.graph;

import java.util.Optional;
import java.util.Set;

/** The operators, of ONNX and of ONNX Runtime, that work with quantized numbers. */
public final class QuantizedOperators {
  private static final Set<String> NAMES =
      Set.of(
          "QuantizeLinear",
          "DequantizeLinear",
          "DynamicQuantizeLinear",
          "MatMulInteger",
          "ConvInteger",
          "QLinearConv",
          "QLinearMatMul",
          "MatMulNBits",
          "DynamicQuantizeMatMul",
          "MatMulIntegerToFloat",
          "GatherBlockQuantized",
          "QAttention",
          "QGemm");

  private QuantizedOperators() {}

  /**
   * Finds out whether a model is quantized already.
   *
   * @param graph the graph; those inside its nodes count
   * @return the first node of such an operator; empty if there is none
   */
  public static Optional<Node> first(Graph graph) {
    for (Node node : graph.nodes()) {
      if (NAMES.contains(node.operator())) {
        return Optional.of(node);
      }
      for (Graph body : node.graphs()) {
        Optional<Node> inner = first(body);
        if (inner.isPresent()) {
          return inner;
        }
      }
    }
    return Optional.empty();
  }
}
