package io.vivace.optimize.quantize;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Patterns;
import io.vivace.optimize.graph.Uses;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Quantizes a graph dynamically in our own way: matrix products and embedding tables, whose
 * constants are initializers already. Convolutions stay floats: dynamic quantization makes them
 * slower.
 *
 * <p>An activation that feeds one product is divided by the largest absolute value of each row
 * first, so that each row (token) has a scale of its own, and the product multiplied by it again.
 * The quantization itself keeps the form that ONNX Runtime fuses.
 */
final class DynamicRewriter {
  /** Smaller weights are not worth the nodes. */
  private static final long FEWEST_ELEMENTS = 1 << 10;

  /** Keeps rows of zeros from becoming 0 / 0; far below what an activation may be. */
  private static final float SMALLEST = 1e-30f;

  /** No GELU is further below 0. */
  private static final float GELU_SMALLEST = 0.17f;

  private final Graph graph;
  private final DynamicQuantization options;
  private final long opset;
  private final Set<String> smooth;
  private final Uses uses;
  private final Set<String> gelus = new HashSet<>();
  private final Map<String, QuantizedWeight> weights = new HashMap<>();
  private final Map<String, Activation> activations = new HashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  /** An activation as integers; the rows' scale is null where they have none of their own. */
  private record Activation(
      String integers, String scale, String zeroPoint, @Nullable String rows) {}

  DynamicRewriter(Graph graph, DynamicQuantization options, long opset) {
    this(graph, options, opset, Set.of());
  }

  /** Smooth activations get no scales of rows. */
  DynamicRewriter(Graph graph, DynamicQuantization options, long opset, Set<String> smooth) {
    this.graph = graph;
    this.smooth = smooth;
    this.options = options;
    this.opset = opset;
    this.uses = Uses.of(graph);
    Patterns.gelus(graph).forEach(gelu -> gelus.add(gelu.output()));
  }

  void rewrite(PassContext context) {
    for (Node node : graph.nodes()) {
      for (Graph body : node.graphs()) {
        GemmRewriter.rewrite(body);
        new DynamicRewriter(body, options, opset).rewrite(context);
      }
    }
    Map<String, QuantizedWeight.Order> orders = new LinkedHashMap<>();
    for (Node node : graph.nodes()) {
      if (isProduct(node)) {
        orders.putIfAbsent(node.input(1), matrix(node.input(1)));
      } else if (isTable(node)) {
        orders.putIfAbsent(node.input(0), table(node.input(0)));
      }
    }
    List<String> names = List.copyOf(orders.keySet());
    List<QuantizedWeight> results = QuantizedWeight.of(List.copyOf(orders.values()), context);
    for (int i = 0; i < names.size(); i++) {
      weights.put(names.get(i), results.get(i));
    }
    for (Node node : graph.nodes()) {
      if (isProduct(node)) {
        product(node);
      } else if (isTable(node)) {
        lookUp(node);
      } else {
        nodes.add(node);
      }
    }
    graph.replaceNodes(nodes);
  }

  boolean isProduct(Node node) {
    return node.is("MatMul") && options.includes(node) && isLarge(node.input(1));
  }

  /** A table that is used as such only; one that is a factor elsewhere, too, stays a float. */
  private boolean isTable(Node node) {
    return node.is("Gather")
        && options.includes(node)
        && node.integer("axis", 0) == 0
        && isLarge(node.input(0))
        && !graph.isOutput(node.input(0))
        && uses.consumers(node.input(0)).stream()
            .allMatch(user -> user.is("Gather") && options.includes(user));
  }

  private boolean isLarge(String name) {
    return graph
        .weight(name)
        .filter(weight -> weight.type() == OnnxElementType.FLOAT)
        .filter(weight -> weight.shape().rank() == 2)
        .filter(weight -> weight.shape().elements() >= FEWEST_ELEMENTS)
        .isPresent();
  }

  private QuantizedWeight.Order matrix(String name) {
    Weight weight = graph.weight(name).orElseThrow();
    IntegerRange range =
        options.hasUnsignedWeights()
            ? IntegerRange.unsigned(options.isReduced())
            : IntegerRange.signed(true, options.isReduced());
    int axis = options.isPerChannel() ? 1 : -1;
    return options.isRangeAutomatic()
        ? new QuantizedWeight.Order(
            weight, IntegerRange.signed(true, false), true, axis, false, true)
        : new QuantizedWeight.Order(weight, range, true, axis);
  }

  private QuantizedWeight.Order table(String name) {
    Weight weight = graph.weight(name).orElseThrow();
    return new QuantizedWeight.Order(
        weight, IntegerRange.signed(true, false), true, 0, true, false);
  }

  private void product(Node node) {
    QuantizedWeight weight = quantized(node.input(1));
    Activation input = activation(node.input(0));
    put(node.input(1), weight.values(), weight.scale());
    String output = node.output();
    String integers = fresh(output + "_integers");
    String floats = fresh(output + "_floats");
    String scale = fresh(output + "_scale");
    String scaled = input.rows() == null ? output : fresh(output + "_scaled");
    List<String> factors = new ArrayList<>();
    factors.addAll(List.of(input.integers(), weight.values().name(), input.zeroPoint()));
    if (options.hasUnsignedWeights()) {
      put(node.input(1), weight.zeroPoint());
      factors.add(weight.zeroPoint().name());
    }
    add("MatMulInteger", factors, integers);
    nodes.add(cast(integers, floats));
    add("Mul", List.of(input.scale(), weight.scale().name()), scale);
    add("Mul", List.of(floats, scale), scaled);
    if (input.rows() != null) {
      add("Mul", List.of(scaled, input.rows()), output);
    }
  }

  private Activation activation(String name) {
    return activations.computeIfAbsent(
        name,
        value -> {
          String rows = wantsRows(value) ? rows(value) : null;
          String input = rows == null ? value : fresh(value + "_rows");
          if (rows != null) {
            add("Div", List.of(value, rows), input);
          }
          Activation result =
              new Activation(
                  fresh(value + "_integers"),
                  fresh(value + "_scale"),
                  fresh(value + "_zero"),
                  rows);
          nodes.add(
              Node.of(
                  "DynamicQuantizeLinear",
                  "",
                  List.of(input),
                  List.of(result.integers(), result.scale(), result.zeroPoint())));
          return result;
        });
  }

  /**
   * Whether rows get scales of their own. It costs a multiplication per product, too much where
   * several products share the activation; and it gains nothing for the output of attention, whose
   * rows are weighted means and so of one size. Smoothed activations gain little from it.
   */
  boolean wantsRows(String value) {
    return !options.isSmoothed()
        && !smooth.contains(value)
        && uses.consumers(value).stream().filter(this::isProduct).count() == 1
        && !isAttention(value);
  }

  /** Whether a value is made by attention, as weighted means of rows. */
  boolean isAttention(String value) {
    Node node = uses.producer(value).orElse(null);
    while (node != null && (node.is("Reshape") || node.is("Transpose"))) {
      node = uses.producer(node.input(0)).orElse(null);
    }
    return node != null
        && node.is("MatMul")
        && uses.producer(node.input(0)).filter(factor -> factor.is("Softmax")).isPresent();
  }

  /**
   * The largest absolute value of each row, never 0. Where what is negative is known to be small,
   * it is the largest value, but at least as much as that.
   */
  private String rows(String value) {
    boolean gelu = gelus.contains(value);
    boolean bounded = gelu || uses.producer(value).filter(node -> node.is("Relu")).isPresent();
    String absolute = bounded ? value : fresh(value + "_absolute");
    String largest = fresh(value + "_largest");
    String rows = fresh(value + "_row_scale");
    if (!bounded) {
      add("Abs", List.of(value), absolute);
    }
    nodes.add(reduceMax(absolute, largest));
    String smallest = gelu ? "vivace_gelu_smallest" : "vivace_smallest";
    root().put(Weight.ofFloats(smallest, Shape.of(), gelu ? GELU_SMALLEST : SMALLEST));
    add("Max", List.of(largest, smallest), rows);
    return rows;
  }

  private Node reduceMax(String input, String output) {
    if (opset < 18) {
      return Node.of(
          "ReduceMax", "", List.of(input), List.of(output), Attribute.ofLongs("axes", -1));
    }
    root().put(Weight.ofLongs("vivace_last_axis", Shape.of(1), -1));
    return Node.of("ReduceMax", "", List.of(input, "vivace_last_axis"), List.of(output));
  }

  /** Each row of a table has a scale of its own, which is looked up like the row. */
  private void lookUp(Node node) {
    QuantizedWeight table = quantized(node.input(0));
    put(node.input(0), table.values(), table.scale());
    String integers = fresh(node.output() + "_integers");
    String floats = fresh(node.output() + "_floats");
    String scale = fresh(node.output() + "_scale");
    String row = node.input(1);
    nodes.add(
        Node.of("Gather", node.name(), List.of(table.values().name(), row), List.of(integers)));
    add("Gather", List.of(table.scale().name(), row), scale);
    nodes.add(cast(integers, floats));
    add("Mul", List.of(floats, scale), node.output());
  }

  private static Node cast(String input, String output) {
    return Node.of(
        "Cast",
        "",
        List.of(input),
        List.of(output),
        Attribute.of("to", OnnxElementType.FLOAT.number()));
  }

  private QuantizedWeight quantized(String name) {
    return Objects.requireNonNull(weights.get(name), name);
  }

  /** Beside the original weight, so that graphs inside each other share it. */
  private void put(String original, Weight... results) {
    Graph owner = graph.owner(original).orElseThrow();
    for (Weight result : results) {
      owner.put(result);
    }
  }

  private Graph root() {
    Graph root = graph;
    while (root.outer().isPresent()) {
      root = root.outer().get();
    }
    return root;
  }

  private void add(String operator, List<String> inputs, String output) {
    nodes.add(Node.of(operator, "", inputs, List.of(output)));
  }

  private String fresh(String wish) {
    return graph.freshName(wish);
  }
}
