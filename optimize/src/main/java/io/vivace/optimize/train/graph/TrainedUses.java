package io.vivace.optimize.train.graph;

import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Weight;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the constants that are weights: single-precision tensors that layers multiply with, add, or
 * look up in. Single numbers of arithmetic, bounds and sizes are none, but for the bias of a layer
 * with one output.
 */
final class TrainedUses {
  private static final Set<String> LAYOUT =
      Set.of(
          "Identity",
          "Transpose",
          "Reshape",
          "Squeeze",
          "Unsqueeze",
          "Flatten",
          "Expand",
          "Split",
          "Slice",
          "Concat",
          "Cast",
          "QuantizeLinear");

  private final Graph graph;
  private final Map<String, Node> makers = new HashMap<>();
  private final Set<String> found = new LinkedHashSet<>();

  private TrainedUses(Graph graph) {
    this.graph = graph;
    graph.nodes().forEach(node -> node.outputs().forEach(output -> makers.put(output, node)));
  }

  /** The names of the weights, in the order of the nodes that use them. */
  static Set<String> of(Graph graph) {
    TrainedUses uses = new TrainedUses(graph);
    for (Node node : graph.nodes()) {
      for (int input = 0; input < node.inputs().size(); input++) {
        if (node.domain().isEmpty() && uses.isWeight(node, input)) {
          uses.add(node, node.input(input), node.operator());
        }
      }
    }
    return uses.found;
  }

  /** The running statistics of batch normalization, which training changes without a gradient. */
  static Set<String> statistics(Graph graph) {
    Set<String> names = new LinkedHashSet<>();
    for (Node node : graph.nodes()) {
      if (node.is("BatchNormalization")) {
        names.addAll(List.of(node.input(3), node.input(4)));
      }
    }
    return names;
  }

  private boolean isWeight(Node node, int input) {
    return switch (node.operator()) {
      case "MatMul", "Add", "Sub", "Mul", "Div" -> input <= 1;
      case "Gemm", "Conv", "ConvTranspose", "PRelu" -> input >= 1;
      case "BatchNormalization" -> input == 1 || input == 2;
      case "LayerNormalization", "InstanceNormalization", "GroupNormalization" -> input >= 1;
      case "LSTM", "GRU" -> input >= 1 && input <= 3;
      case "Gather" -> input == 0;
      default -> false;
    };
  }

  private void add(Node user, String name, String operator) {
    Node maker = makers.get(name);
    if (maker != null && maker.domain().isEmpty() && LAYOUT.contains(maker.operator())) {
      int data = maker.is("Concat") ? maker.inputs().size() : 1;
      for (int i = 0; i < data; i++) {
        add(maker, maker.input(i), operator);
      }
      return;
    }
    if (maker != null && maker.is("DequantizeLinear")) {
      add(maker, maker.input(0), operator);
      return;
    }
    graph
        .constant(name)
        .filter(weight -> weight.type() == OnnxElementType.FLOAT)
        .filter(weight -> isLarge(weight) || !isArithmetic(operator) || isBias(user, weight))
        .ifPresent(weight -> found.add(name));
  }

  private static boolean isLarge(Weight weight) {
    return weight.shape().rank() > 0 && weight.shape().elements() > 1;
  }

  private static boolean isArithmetic(String operator) {
    return Set.of("Add", "Sub", "Mul", "Div").contains(operator);
  }

  private boolean isBias(Node user, Weight weight) {
    return user.is("Add")
        && weight.shape().rank() > 0
        && user.inputs().stream()
            .map(makers::get)
            .anyMatch(maker -> maker != null && (maker.is("MatMul") || maker.is("Conv")));
  }
}
