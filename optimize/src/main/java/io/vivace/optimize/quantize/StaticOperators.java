package io.vivace.optimize.quantize;

import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.TypeInference;
import io.vivace.optimize.graph.ValueType;
import io.vivace.optimize.graph.Weight;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which nodes are quantized statically.
 *
 * <p>Strict: all operators that ONNX Runtime's tool (1.30) knows. Default: those for which the
 * engine has integer kernels; of them, elementwise operators only where all they take is quantized
 * already, matrix products only with a constant, and no pooling or reshaping but between them.
 */
final class StaticOperators {
  private static final Set<String> PRODUCTS = Set.of("Conv", "Gemm", "MatMul");

  /** Run on integers, if what they take is integers. */
  private static final Set<String> FOLLOWERS =
      Set.of("Add", "Mul", "Concat", "GlobalAveragePool", "LeakyRelu", "Sigmoid");

  /**
   * Multiplications per element that goes in or out, from which integers are faster: measured with
   * ONNX Runtime on a processor with VNNI.
   */
  private static final double LEAST_WORK = 24;

  /** Multiplications of a convolution at one place, below which a call costs more. */
  private static final double SMALLEST_PRODUCT = 1 << 18;

  private static final Set<String> CARRIERS =
      Set.of(
          "Relu",
          "Clip",
          "Reshape",
          "Transpose",
          "Squeeze",
          "Unsqueeze",
          "Flatten",
          "MaxPool",
          "AveragePool",
          "Slice",
          "Split",
          "Resize",
          "Pad",
          "Where");

  private static final Set<String> TOOL =
      Set.of(
          "ArgMax",
          "Conv",
          "Gemm",
          "MatMul",
          "Add",
          "Mul",
          "Relu",
          "Clip",
          "LeakyRelu",
          "Sigmoid",
          "MaxPool",
          "GlobalAveragePool",
          "Split",
          "Pad",
          "Reshape",
          "Squeeze",
          "Unsqueeze",
          "Flatten",
          "Resize",
          "AveragePool",
          "Concat",
          "Softmax",
          "Where",
          "Gather",
          "Transpose",
          "EmbedLayerNormalization",
          "ConvTranspose",
          "Slice",
          "GatherElements",
          "InstanceNormalization",
          "LayerNormalization",
          "BatchNormalization",
          "TopK",
          "CumSum");

  private final Graph graph;
  private final TypeInference types;
  private final StaticOptions options;
  private final Set<Node> spared;

  StaticOperators(Graph graph, TypeInference types, StaticOptions options, Set<Node> spared) {
    this.graph = graph;
    this.types = types;
    this.options = options;
    this.spared = new HashSet<>(spared);
    if (!options.strict) {
      this.spared.addAll(SpelledOut.nodes(graph));
    }
  }

  /** Whether ranges of what the node takes and makes may be needed. */
  boolean mayInclude(Node node) {
    if (!options.includes(node) || spared.contains(node)) {
      return false;
    }
    String operator = node.operator();
    return options.strict
        ? TOOL.contains(operator)
        : FOLLOWERS.contains(operator)
            || CARRIERS.contains(operator)
            || (PRODUCTS.contains(operator) && isProduct(node) && isWorthIt(node));
  }

  boolean include(Node node, QdqPlan plan) {
    if (!mayInclude(node)) {
      return false;
    }
    if (options.strict || PRODUCTS.contains(node.operator())) {
      return true;
    }
    if (FOLLOWERS.contains(node.operator())) {
      return node.inputs().stream().allMatch(input -> isThere(input, plan))
          && node.inputs().stream().anyMatch(plan::contains);
    }
    return plan.contains(node.operator().equals("Where") ? node.input(1) : node.input(0));
  }

  /**
   * Whether a product of integers saves more than the conversions around it cost. What it saves
   * grows with the multiplications, what they cost with the elements that go in and out.
   */
  private boolean isWorthIt(Node node) {
    if (!options.selective) {
      return true;
    }
    Weight weight = graph.weight(node.input(1)).orElseThrow();
    boolean turned = node.is("Conv") || node.integer("transB", 0) != 0;
    double outputs = weight.shape().dimension(turned ? 0 : 1);
    double multiplications = weight.shape().elements();
    double inputs = multiplications / outputs;
    if (node.is("Conv")) {
      ValueType type = types.type(node.output());
      if (type.rank() == 4 && type.size(2) == 1 && type.size(3) == 1) {
        return multiplications >= SMALLEST_PRODUCT;
      }
      // Convolution windows share elements, and with strides more of them go in than come out.
      inputs = weight.shape().dimension(1) * node.integer("group", 1);
      for (long stride : node.integers("strides")) {
        inputs *= stride;
      }
    }
    return multiplications / (inputs + outputs) >= LEAST_WORK;
  }

  private boolean isThere(String value, QdqPlan plan) {
    return plan.contains(value) || graph.weight(value).isPresent();
  }

  private boolean isProduct(Node node) {
    Weight weight = graph.weight(node.input(1)).orElse(null);
    return weight != null
        && weight.type() == OnnxElementType.FLOAT
        && weight.shape().rank() >= 2
        && (node.operator().equals("Conv") || weight.shape().rank() == 2)
        && (!node.operator().equals("Gemm")
            || (node.number("alpha", 1) == 1 && node.integer("transA", 0) == 0));
  }

  /** The tool takes any bias; a scale per channel fits only one number per channel. */
  boolean takesBias(Node node, Weight bias) {
    return options.strict
        || (bias.shape().rank() == 1
            && graph
                .weight(node.input(1))
                .filter(weight -> bias.shape().elements() == outputs(node, weight))
                .isPresent());
  }

  private static long outputs(Node node, Weight weight) {
    int axis = node.is("Gemm") && node.integer("transB", 0) == 0 ? 1 : 0;
    return weight.shape().dimension(axis);
  }

  /** Names of all values of which the range is needed. */
  Set<String> candidates() {
    Set<String> names = new LinkedHashSet<>();
    for (Node node : graph.nodes()) {
      if (mayInclude(node)) {
        for (List<String> values : List.of(node.inputs(), node.outputs())) {
          values.stream()
              .filter(value -> !value.isEmpty() && graph.constant(value).isEmpty())
              .filter(value -> types.type(value).element() == OnnxElementType.FLOAT)
              .forEach(names::add);
        }
      }
    }
    return names;
  }
}
