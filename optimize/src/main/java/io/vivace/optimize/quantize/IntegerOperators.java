package io.vivace.optimize.quantize;

import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Uses;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns operators between {@code DequantizeLinear} and {@code QuantizeLinear} into integer
 * operators (QOperator form). What has no integer operator stays as it is.
 */
final class IntegerOperators {
  static final String CONTRIB = "com.microsoft";

  /** Move integers about, if scale and zero point do not change. */
  private static final Set<String> CARRIERS =
      Set.of(
          "MaxPool", "Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten", "Slice", "Gather");

  private final Graph graph;
  private final Uses uses;
  private final IdentityHashMap<Node, Node> replaced = new IdentityHashMap<>();
  private boolean contrib;

  private IntegerOperators(Graph graph) {
    this.graph = graph;
    this.uses = Uses.of(graph);
  }

  /** Rewrites a graph; tells whether operators of ONNX Runtime's own set were used. */
  static boolean rewrite(Graph graph) {
    IntegerOperators operators = new IntegerOperators(graph);
    for (Node node : List.copyOf(graph.nodes())) {
      operators.rewrite(node);
    }
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      nodes.add(operators.replaced.getOrDefault(node, node));
    }
    graph.replaceNodes(nodes);
    graph.sort();
    return operators.contrib;
  }

  private void rewrite(Node node) {
    Node quantize = quantizer(node);
    if (!node.domain().isEmpty() || quantize == null) {
      return;
    }
    List<String> output = quantize.inputs().subList(1, 3);
    switch (node.operator()) {
      case "Conv" -> product(node, quantize, output, "QLinearConv", true);
      case "MatMul" -> product(node, quantize, output, "QLinearMatMul", false);
      case "Gemm" -> gemm(node, quantize, output);
      case "Add", "Mul" -> contrib(node, quantize, "QLinear" + node.operator(), 2, output);
      case "GlobalAveragePool", "AveragePool", "Sigmoid", "LeakyRelu" ->
          contrib(node, quantize, "QLinear" + node.operator(), 1, output);
      case "Concat" -> concat(node, quantize, output);
      default -> {
        if (CARRIERS.contains(node.operator())) {
          carrier(node, quantize);
        }
      }
    }
  }

  /** The one node that takes the output, if it quantizes it. */
  private @Nullable Node quantizer(Node node) {
    if (node.outputs().size() != 1 || graph.isOutput(node.output())) {
      return null;
    }
    List<Node> consumers = uses.consumers(node.output());
    return consumers.size() == 1 && consumers.get(0).is("QuantizeLinear") ? consumers.get(0) : null;
  }

  /** The integers, scale and zero point of an input; null if it is none that was dequantized. */
  private @Nullable List<String> integers(String value) {
    Node node = uses.producer(value).orElse(null);
    return node != null && node.is("DequantizeLinear") ? node.inputs() : null;
  }

  private @Nullable List<String> inputs(Node node, int count) {
    List<String> inputs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> integers = integers(node.input(i));
      if (integers == null) {
        return null;
      }
      inputs.addAll(integers);
    }
    return inputs;
  }

  private void product(
      Node node, Node quantize, List<String> output, String operator, boolean withBias) {
    List<String> inputs = inputs(node, 2);
    List<String> bias = node.input(2).isEmpty() ? List.of() : integers(node.input(2));
    if (inputs == null || bias == null) {
      return;
    }
    inputs.addAll(output);
    if (withBias && !bias.isEmpty()) {
      inputs.add(bias.get(0));
    }
    replace(node, quantize, operator, "", inputs);
  }

  private void gemm(Node node, Node quantize, List<String> output) {
    List<String> inputs = inputs(node, 2);
    List<String> bias = node.input(2).isEmpty() ? List.of() : integers(node.input(2));
    if (inputs == null || bias == null || node.number("beta", 1) != 1) {
      return;
    }
    inputs.add(bias.isEmpty() ? "" : bias.get(0));
    inputs.addAll(output);
    node.removeAttribute("beta");
    replace(node, quantize, "QGemm", CONTRIB, inputs);
  }

  private void contrib(Node node, Node quantize, String operator, int count, List<String> output) {
    List<String> inputs = inputs(node, count);
    if (inputs != null) {
      inputs.addAll(output);
      replace(node, quantize, operator, CONTRIB, inputs);
    }
  }

  private void concat(Node node, Node quantize, List<String> output) {
    List<String> inputs = inputs(node, node.inputs().size());
    if (inputs != null) {
      inputs.addAll(0, output);
      replace(node, quantize, "QLinearConcat", CONTRIB, inputs);
    }
  }

  private void carrier(Node node, Node quantize) {
    List<String> integers = integers(node.input(0));
    if (integers != null && integers.subList(1, 3).equals(quantize.inputs().subList(1, 3))) {
      List<String> inputs = new ArrayList<>(node.inputs());
      inputs.set(0, integers.get(0));
      replace(node, quantize, node.operator(), "", inputs);
    }
  }

  private void replace(
      Node node, Node quantize, String operator, String domain, List<String> inputs) {
    Node result =
        Node.of(
            operator,
            node.name(),
            inputs,
            quantize.outputs(),
            node.attributes().toArray(Attribute[]::new));
    if (!domain.isEmpty()) {
      result.in(domain);
      contrib = true;
    }
    replaced.put(node, result);
    graph.nodes().remove(quantize);
  }
}
