package io.vivace.optimize.quantize;

import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.calibrate.ActivationRange;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.TypeInference;
import io.vivace.optimize.graph.Uses;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.quantize.QdqPlan.Mark;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides which values are quantized, node by node in the graph's order. The rules of each operator
 * are those of ONNX Runtime's {@code QDQRegistry} (1.30); what the default leaves out, see {@link
 * StaticOperators}.
 */
final class QdqPlacement {
  private final Graph graph;
  private final TypeInference types;
  private final long opset;
  private final StaticOptions options;
  private final StaticOperators operators;
  private final Map<String, ActivationRange> ranges;
  private final Uses uses;
  private final QdqPlan plan = new QdqPlan();

  QdqPlacement(
      Graph graph,
      TypeInference types,
      long opset,
      StaticOptions options,
      StaticOperators operators,
      Map<String, ActivationRange> ranges) {
    this.graph = graph;
    this.types = types;
    this.opset = opset;
    this.options = options;
    this.operators = operators;
    this.ranges = ranges;
    this.uses = Uses.of(graph);
  }

  QdqPlan plan() {
    for (Node node : List.copyOf(graph.nodes())) {
      if (operators.include(node, plan)) {
        place(node);
      }
    }
    return plan;
  }

  private void place(Node node) {
    switch (node.operator()) {
      case "Conv" -> product(node, 0);
      case "ConvTranspose" -> product(node, 1);
      case "Gemm" -> gemm(node);
      case "MatMul" -> matMul(node);
      case "Clip", "Relu" -> absorb(node);
      case "Reshape",
          "Transpose",
          "Squeeze",
          "Unsqueeze",
          "Flatten",
          "AveragePool",
          "Slice",
          "TopK" ->
          passThrough(node);
      case "MaxPool" -> passThrough(node, 12);
      case "Resize" -> passThrough(node, 11);
      case "Gather", "GatherElements" -> gather(node);
      case "Split" -> split(node);
      case "Where" -> where(node);
      case "Pad" -> pad(node);
      case "InstanceNormalization", "LayerNormalization", "BatchNormalization" -> norm(node);
      default -> {
        node.inputs().forEach(this::activation);
        node.outputs().forEach(this::activation);
      }
    }
  }

  private void product(Node node, int axis) {
    activation(node.input(0));
    activation(node.output());
    weight(node.input(1), axis);
    bias(node, node.input(1), 1);
  }

  /** The tool puts beta into the scale of the bias only, so that its factor is lost. */
  private void gemm(Node node) {
    activation(node.input(0));
    activation(node.output());
    weight(node.input(1), node.integer("transB", 0) == 0 ? 1 : 0);
    if (bias(node, node.input(1), node.number("beta", 1)) && node.attribute("beta").isPresent()) {
      node.attribute(Attribute.of("beta", 1f));
    }
  }

  private void matMul(Node node) {
    for (String input : node.inputs()) {
      if (graph.weight(input).isPresent()) {
        weight(input, 1);
      } else {
        activation(input);
      }
    }
    activation(node.output());
  }

  /** A lower bound of 0 or an upper one is in the range of the quantized output already. */
  private void absorb(Node node) {
    String input = node.input(0);
    if (!plan.contains(input)) {
      return;
    }
    String output = node.output();
    boolean only = uses.consumers(input).size() == 1 && node.inputs().indexOf(input) == 0;
    Node producer = uses.producer(input).orElse(null);
    if (!options.symmetricActivations
        && only
        && producer != null
        && ranges.containsKey(output)
        && ranges.containsKey(input)
        && !graph.isOutput(input)) {
      producer.replaceOutput(producer.outputs().indexOf(input), output);
      plan.marks.remove(input);
      plan.removed.add(node);
    } else {
      activation(input);
    }
    activation(output);
  }

  private void passThrough(Node node, long since) {
    if (opset >= since) {
      passThrough(node);
    }
  }

  private void passThrough(Node node) {
    if (plan.contains(node.input(0))) {
      likeInput(node.output(), node);
    }
  }

  private void gather(Node node) {
    if (graph.weight(node.input(0)).filter(QdqPlacement::isFloat).isPresent()) {
      activation(node.input(0));
      likeInput(node.output(), node);
    } else {
      passThrough(node);
    }
  }

  private void split(Node node) {
    if (!plan.contains(node.input(0))) {
      activation(node.input(0));
    }
    node.outputs().forEach(output -> likeInput(output, node));
  }

  private void where(Node node) {
    if (plan.contains(node.input(1)) && plan.contains(node.input(2))) {
      activation(node.output());
    }
  }

  private void pad(Node node) {
    node.inputs().forEach(this::activation);
    if (padsLikeInput(node)) {
      likeInput(node.output(), node);
    } else {
      activation(node.output());
    }
  }

  /** Whether what is added at the borders is 0 or in the input already. */
  private boolean padsLikeInput(Node node) {
    String mode = node.attribute("mode").map(Attribute::text).orElse("constant");
    if (!mode.equals("constant")) {
      return Set.of("reflect", "edge", "wrap").contains(mode);
    }
    if (opset < 11 || node.input(2).isEmpty()) {
      return node.number("value", 0) == 0;
    }
    return graph
        .constant(node.input(2))
        .filter(QdqPlacement::isFloat)
        .filter(value -> value.shape().elements() == 1 && value.floats()[0] == 0)
        .isPresent();
  }

  private void norm(Node node) {
    activation(node.input(0));
    if (graph.weight(node.input(1)).isPresent()) {
      weight(node.input(1), 1);
    } else {
      activation(node.input(1));
    }
    bias(node, node.input(1), 1);
    node.outputs().forEach(this::activation);
  }

  private void activation(String value) {
    if (isQuantizable(value)) {
      plan.marks.putIfAbsent(value, Mark.ACTIVATION);
    }
  }

  private void likeInput(String value, Node node) {
    if (isQuantizable(value)) {
      plan.marks.put(value, new Mark(false, -1, node.input(0)));
    }
  }

  private void weight(String value, int axis) {
    Weight weight = graph.weight(value).orElse(null);
    if (weight != null
        && options.isPerChannel()
        && axis < weight.shape().rank()
        && isFloat(weight)) {
      plan.marks.put(value, new Mark(true, axis, null));
    } else if (isQuantizable(value)) {
      plan.marks.putIfAbsent(value, new Mark(true, -1, null));
    }
  }

  /**
   * A bias that others use, too, is doubled, since its scale depends on the node; so is one with a
   * factor, which becomes part of it. The tool does so only for other biases.
   */
  private boolean bias(Node node, String weight, float beta) {
    String name = node.input(2);
    Weight bias = graph.weight(name).filter(QdqPlacement::isFloat).orElse(null);
    if (bias == null || !operators.takesBias(node, bias)) {
      return false;
    }
    boolean own = !options.strict && (beta != 1 || isUsedElsewhere(name));
    if (own || plan.biases.containsKey(name)) {
      name = graph.freshName(name);
      Weight whole = own ? bias.mapped((index, value) -> value * beta) : bias;
      graph.put(whole.named(name));
      node.replaceInput(2, name);
    }
    plan.biases.put(name, new QdqPlan.Bias(node.input(0), weight, own ? 1 : beta));
    return true;
  }

  private boolean isUsedElsewhere(String bias) {
    return graph.isOutput(bias) || uses.consumers(bias).size() > 1;
  }

  private boolean isQuantizable(String value) {
    if (value.isEmpty()) {
      return false;
    }
    return graph
        .weight(value)
        .map(QdqPlacement::isFloat)
        .orElseGet(() -> types.type(value).element() == OnnxElementType.FLOAT);
  }

  private static boolean isFloat(Weight weight) {
    return weight.type() == OnnxElementType.FLOAT;
  }
}
