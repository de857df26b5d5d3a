package io.vivace.optimize.quantize;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Uses;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Quantizes a graph dynamically in the way of ONNX Runtime's tool, faults included: names, order
 * and choice of nodes are those of {@code quantize_dynamic}.
 */
final class ToolRewriter {
  private final Graph graph;
  private final DynamicQuantization options;
  private final boolean symmetricTables;
  private final List<Node> nodes = new ArrayList<>();
  private final Set<String> nodeNames = new HashSet<>();

  /** What each value is called as integers. */
  private final Map<String, Quantized> quantized = new HashMap<>();

  /** Values that exist as floats in the new graph. */
  private final Set<String> floats = new HashSet<>();

  private final Map<String, QuantizedWeight> quantizedWeights = new HashMap<>();

  private record Quantized(String name, String scale, String zeroPoint, int axis) {}

  ToolRewriter(Graph graph, DynamicQuantization options, StrictProfile profile) {
    this.graph = graph;
    this.options = options;
    this.symmetricTables = profile.symmetricTables();
  }

  void rewrite(PassContext context) {
    GemmRewriter.rewrite(graph);
    quantizeWeights(context);
    graph.inputs().stream()
        .filter(value -> initializer(value.name()).isEmpty())
        .forEach(value -> floats.add(value.name()));
    for (Node node : List.copyOf(graph.nodes())) {
      switch (kind(node)) {
        case MATMUL -> matMul(node);
        case CONVOLUTION -> convolution(node);
        case GATHER -> gather(node);
        case TRANSPOSE -> transpose(node);
        case OTHER -> other(node);
      }
    }
    graph.outputs().forEach(output -> dequantize(output.name()));
    graph.replaceNodes(nodes);
    removeUnusedWeights();
    graph.forgetValues();
    graph.replaceNodes(ToolOrder.of(graph));
  }

  private enum Kind {
    MATMUL,
    CONVOLUTION,
    GATHER,
    TRANSPOSE,
    OTHER
  }

  private Kind kind(Node node) {
    if (!options.includes(node)) {
      return Kind.OTHER;
    }
    return switch (node.operator()) {
      case "MatMul" -> isFloatWeight(node.input(1)) ? Kind.MATMUL : Kind.OTHER;
      case "Conv" -> Kind.CONVOLUTION;
      case "Gather" -> isFloatWeight(node.input(0)) ? Kind.GATHER : Kind.OTHER;
      case "Transpose" -> Kind.TRANSPOSE;
      case "LSTM", "Attention", "EmbedLayerNormalization" ->
          throw new GraphException(
              "strict mode does not know how the tool quantizes node %s; exclude the node, or use"
                      .formatted(node)
                  + " the default mode");
      default -> Kind.OTHER;
    };
  }

  private Optional<Weight> initializer(String name) {
    return graph.weight(name);
  }

  private boolean isFloatWeight(String name) {
    return initializer(name).filter(w -> w.type() == OnnxElementType.FLOAT).isPresent();
  }

  /** The first use of a weight decides how it is quantized. */
  private void quantizeWeights(PassContext context) {
    Map<String, QuantizedWeight.Order> orders = new LinkedHashMap<>();
    for (Node node : graph.nodes()) {
      switch (kind(node)) {
        case MATMUL -> {
          activation(node.input(0), orders);
          weight(node.input(1), options.isPerChannel(), orders);
        }
        case CONVOLUTION -> {
          activation(node.input(0), orders);
          weight(node.input(1), false, orders);
        }
        case GATHER -> activation(node.input(0), orders);
        default -> {}
      }
    }
    QuantizedWeight.of(List.copyOf(orders.values()), context)
        .forEach(
            result ->
                quantizedWeights.put(
                    result.values().name().replaceFirst("_quantized$", ""), result));
  }

  private void activation(String name, Map<String, QuantizedWeight.Order> orders) {
    initializer(name)
        .ifPresent(
            weight ->
                orders.putIfAbsent(
                    name,
                    new QuantizedWeight.Order(
                        requireFloat(weight), IntegerRange.unsigned(false), symmetricTables, -1)));
  }

  private void weight(String name, boolean perChannel, Map<String, QuantizedWeight.Order> orders) {
    Weight weight = initializer(name).orElse(null);
    if (weight != null) {
      boolean signed = !options.hasUnsignedWeights();
      IntegerRange range =
          signed
              ? IntegerRange.signed(true, options.isReduced())
              : IntegerRange.unsigned(options.isReduced());
      int axis = perChannel ? weight.shape().rank() - 1 : -1;
      orders.putIfAbsent(
          name, new QuantizedWeight.Order(requireFloat(weight), range, signed, axis));
    }
  }

  private static Weight requireFloat(Weight weight) {
    if (weight.type() != OnnxElementType.FLOAT) {
      throw new GraphException(
          "weight %s cannot be quantized, allowed is FLOAT; exclude the nodes that use it"
              .formatted(weight));
    }
    return weight;
  }

  private void matMul(Node node) {
    Quantized left = quantize(node.input(0));
    Quantized right = quantize(node.input(1));
    String product =
        integerProduct(node, "MatMulInteger", left, right, new Attribute[0], node.output());
    add(scaled(node, product, left, right, node.output()));
  }

  private void convolution(Node node) {
    boolean bias = !node.input(2).isEmpty();
    Weight weight = initializer(node.input(1)).orElse(null);
    if (bias && weight == null) {
      throw new GraphException(
          "node %s has a bias and the weight \"%s\", which is no initializer; the tool fails here:"
                  .formatted(node, node.input(1))
              + " exclude the node, or use the default mode");
    }
    Quantized left = quantize(node.input(0));
    Quantized right = quantize(node.input(1));
    Attribute[] attributes = node.attributes().toArray(Attribute[]::new);
    String product = integerProduct(node, "ConvInteger", left, right, attributes, node.output());
    String output = bias ? node.output() + "quant_scaled_output" : node.output();
    add(scaled(node, product, left, right, output));
    if (bias && weight != null) {
      bias(node, weight.shape().rank(), output);
    }
  }

  private void bias(Node node, int rank, String scaled) {
    String shape = node.output() + "_bias_reshape_shape";
    String reshaped = node.output() + "_bias_reshape_output";
    long[] sizes = new long[rank];
    Arrays.fill(sizes, 1);
    sizes[1] = -1;
    putOnce(Weight.ofLongs(shape, Shape.of(rank), sizes));
    add(Node.of("Reshape", "", List.of(node.input(2), shape), List.of(reshaped)));
    add(
        Node.of(
            "Add", node.output() + "_bias_add", List.of(scaled, reshaped), List.of(node.output())));
  }

  private String integerProduct(
      Node node,
      String operator,
      Quantized left,
      Quantized right,
      Attribute[] attributes,
      String output) {
    String integers = output + "_output_quantized";
    String result = integers + "_cast_output";
    add(
        Node.of(
            operator,
            suffixed(node, "_quant"),
            List.of(left.name(), right.name(), left.zeroPoint(), right.zeroPoint()),
            List.of(integers),
            attributes));
    add(
        Node.of(
            "Cast",
            integers + "_cast",
            List.of(integers),
            List.of(result),
            Attribute.of("to", OnnxElementType.FLOAT.number())));
    return result;
  }

  private Node scaled(Node node, String product, Quantized left, Quantized right, String output) {
    String name =
        node.name().isEmpty()
            ? left.scale() + "_" + right.scale() + "_mul"
            : node.name() + "_quant_scales_mul";
    if (!nodeNames.contains(name)) {
      add(Node.of("Mul", name, List.of(left.scale(), right.scale()), List.of(name + ":0")));
    }
    return Node.of(
        "Mul",
        suffixed(node, "_quant_output_scale_mul"),
        List.of(product, name + ":0"),
        List.of(output));
  }

  private static String suffixed(Node node, String suffix) {
    return node.name().isEmpty() ? "" : node.name() + suffix;
  }

  private void gather(Node node) {
    Quantized table = quantize(node.input(0));
    passThrough(node, table);
  }

  private void transpose(Node node) {
    Quantized input = quantized.get(node.input(0));
    if (input == null) {
      add(node);
    } else {
      passThrough(node, input);
    }
  }

  private void passThrough(Node node, Quantized input) {
    String output = node.output() + "_quantized";
    quantized.put(node.output(), new Quantized(output, input.scale(), input.zeroPoint(), -1));
    node.replaceInput(0, input.name());
    node.replaceOutput(0, output);
    add(node);
  }

  private void other(Node node) {
    node.inputs().forEach(this::dequantize);
    node.graphs().forEach(body -> Uses.captured(body).forEach(this::dequantize));
    add(node);
  }

  private void dequantize(String value) {
    Quantized integers = quantized.get(value);
    String name = value + "_DequantizeLinear";
    if (integers == null || floats.contains(value) || nodeNames.contains(name)) {
      return;
    }
    Attribute[] axis =
        integers.axis() < 0
            ? new Attribute[0]
            : new Attribute[] {Attribute.of("axis", integers.axis())};
    add(
        Node.of(
            "DequantizeLinear",
            name,
            List.of(integers.name(), integers.scale(), integers.zeroPoint()),
            List.of(value),
            axis));
  }

  private Quantized quantize(String value) {
    Quantized known = quantized.get(value);
    if (known != null) {
      return known;
    }
    QuantizedWeight weight = quantizedWeights.get(value);
    Quantized result = weight == null ? dynamic(value) : constant(weight);
    quantized.put(value, result);
    return result;
  }

  private Quantized dynamic(String value) {
    Quantized result =
        new Quantized(value + "_quantized", value + "_scale", value + "_zero_point", -1);
    add(
        Node.of(
            "DynamicQuantizeLinear",
            value + "_QuantizeLinear",
            List.of(value),
            List.of(result.name(), result.scale(), result.zeroPoint())));
    return result;
  }

  private Quantized constant(QuantizedWeight weight) {
    putOnce(weight.scale());
    putOnce(weight.zeroPoint());
    putOnce(weight.values());
    return new Quantized(
        weight.values().name(), weight.scale().name(), weight.zeroPoint().name(), weight.axis());
  }

  private void putOnce(Weight weight) {
    if (initializer(weight.name()).isPresent()) {
      throw new GraphException(
          "the name \"%s\" is taken by another weight; is the model quantized already?"
              .formatted(weight.name()));
    }
    graph.put(weight);
  }

  private void add(Node node) {
    nodes.add(node);
    nodeNames.add(node.name());
    floats.addAll(node.outputs());
  }

  private void removeUnusedWeights() {
    Set<String> used = new HashSet<>();
    nodes.forEach(node -> used.addAll(Uses.inputsOf(node)));
    graph.outputs().forEach(output -> used.add(output.name()));
    List.copyOf(graph.weights()).stream()
        .map(Weight::name)
        .filter(name -> !used.contains(name))
        .forEach(graph::removeWeight);
  }
}
