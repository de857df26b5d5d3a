package io.vivace.optimize.quantize;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Uses;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes {@code Gemm} as {@code MatMul} and {@code Add}, which can be quantized dynamically. Left
 * alone is a Gemm that scales ({@code alpha}, {@code beta}) or transposes its first input.
 */
final class GemmRewriter {
  private final Graph graph;
  private final Uses uses;
  private final List<Node> nodes = new ArrayList<>();

  private GemmRewriter(Graph graph) {
    this.graph = graph;
    this.uses = Uses.of(graph);
  }

  static void rewrite(Graph graph) {
    if (graph.nodes().stream().anyMatch(GemmRewriter::isPlain)) {
      GemmRewriter rewriter = new GemmRewriter(graph);
      graph.nodes().forEach(rewriter::node);
      graph.replaceNodes(rewriter.nodes);
    }
  }

  private static boolean isPlain(Node node) {
    return node.is("Gemm")
        && node.number("alpha", 1) == 1
        && node.number("beta", 1) == 1
        && node.integer("transA", 0) == 0;
  }

  private void node(Node node) {
    if (!isPlain(node)) {
      nodes.add(node);
      return;
    }
    boolean bias = !node.input(2).isEmpty();
    String factor = node.integer("transB", 0) == 0 ? node.input(1) : transposed(node);
    String product = bias ? node.output() + "_MatMul" : node.output();
    nodes.add(
        Node.of(
            "MatMul", named(node, "_MatMul"), List.of(node.input(0), factor), List.of(product)));
    if (bias) {
      nodes.add(
          Node.of("Add", named(node, "_Add"), List.of(product, node.input(2)), node.outputs()));
    }
  }

  private static String named(Node node, String suffix) {
    return node.name().isEmpty() ? "" : node.name() + suffix;
  }

  /** The second factor transposed: in place where only this node uses the constant. */
  private String transposed(Node node) {
    String name = node.input(1);
    Optional<Weight> weight =
        graph.weights().stream().filter(w -> w.name().equals(name)).findFirst();
    boolean onlyHere = uses.consumers(name).size() == 1 && !graph.isOutput(name);
    if (weight.isPresent() && onlyHere && weight.get().type() == OnnxElementType.FLOAT) {
      graph.removeWeight(name);
      graph.put(transposed(weight.get()));
      return name;
    }
    String result = name + "_Transposed";
    if (nodes.stream().noneMatch(other -> other.output().equals(result))) {
      nodes.add(Node.of("Transpose", named(node, "_Transpose"), List.of(name), List.of(result)));
    }
    return result;
  }

  private static Weight transposed(Weight weight) {
    int rows = Math.toIntExact(weight.shape().dimension(0));
    int columns = Math.toIntExact(weight.shape().dimension(1));
    OnnxContent content = new TransposedContent(weight.elements(), rows, columns);
    return Weight.of(weight.name(), weight.type(), Shape.of(columns, rows), content);
  }
}
