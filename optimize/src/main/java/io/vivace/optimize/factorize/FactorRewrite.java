package io.vivace.optimize.factorize;

import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Puts several thin layers in the place of one. */
final class FactorRewrite {
  private final Graph graph;

  FactorRewrite(Graph graph) {
    this.graph = graph;
  }

  /** Replaces all nodes that use a weight; the factors are shared as it was. */
  void replace(Weight weight, Factors factors, List<Node> nodes) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < factors.values().size(); i++) {
      String name = graph.freshName(weight.name() + "_factor" + (i + 1));
      graph.put(Weight.ofFloats(name, factors.shapes().get(i), factors.values().get(i)));
      names.add(name);
    }
    List<Node> all = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (nodes.contains(node)) {
        all.addAll(layers(node, factors, names));
      } else {
        all.add(node);
      }
    }
    graph.replaceNodes(all);
  }

  List<Node> layers(Node node, Factors factors, List<String> names) {
    String middle = graph.freshName(node.output() + "_factor1");
    return switch (factors.form()) {
      case MATRIX -> node.is("Gemm") ? gemms(node, names, middle) : matMuls(node, names, middle);
      case PIXEL ->
          List.of(
              convolution(node, List.of(node.input(0), names.get(0)), middle),
              last(node, middle, names.get(1), Map.of()));
      case SPATIAL -> spatial(node, names, middle);
      case TUCKER -> tucker(node, names, middle);
    };
  }

  private static List<Node> matMuls(Node node, List<String> names, String middle) {
    return List.of(
        Node.of("MatMul", middle, List.of(node.input(0), names.get(0)), List.of(middle)),
        Node.of("MatMul", node.name(), List.of(middle, names.get(1)), List.of(node.output())));
  }

  private static List<Node> gemms(Node node, List<String> names, String middle) {
    Attribute transB = Attribute.of("transB", node.integer("transB", 0));
    List<String> inputs = new ArrayList<>(node.inputs());
    inputs.set(0, middle);
    inputs.set(1, names.get(1));
    return List.of(
        Node.of(
            "Gemm",
            middle,
            List.of(node.input(0), names.get(0)),
            List.of(middle),
            Attribute.of("transA", node.integer("transA", 0)),
            transB),
        Node.of(
            "Gemm",
            node.name(),
            inputs,
            List.of(node.output()),
            transB,
            Attribute.of("alpha", node.number("alpha", 1)),
            Attribute.of("beta", node.number("beta", 1))));
  }

  /** The first of two: it keeps strides and pads, for a convolution of one pixel has no others. */
  private static Node convolution(Node node, List<String> inputs, String output) {
    Node copy = Node.of("Conv", output, inputs, List.of(output));
    node.attributes().forEach(copy::attribute);
    if (node.attribute("kernel_shape").isPresent()) {
      long[] kernel = node.integers("kernel_shape").clone();
      java.util.Arrays.fill(kernel, 1);
      copy.attribute(Attribute.ofLongs("kernel_shape", kernel));
    }
    return copy;
  }

  private static Node last(Node node, String input, String weight, Map<String, long[]> lists) {
    List<String> inputs = new ArrayList<>(node.inputs());
    inputs.set(0, input);
    inputs.set(1, weight);
    Node last = Node.of("Conv", node.name(), inputs, List.of(node.output()));
    lists.forEach((name, values) -> last.attribute(Attribute.ofLongs(name, values)));
    return last;
  }

  private static List<Node> spatial(Node node, List<String> names, String middle) {
    long[] strides = node.integers("strides", 1, 1);
    long[] dilations = node.integers("dilations", 1, 1);
    long[] pads = node.integers("pads", 0, 0, 0, 0);
    List<String> inputs = List.of(node.input(0), names.get(0));
    Node columns = Node.of("Conv", middle, inputs, List.of(middle));
    Node rows = last(node, middle, names.get(1), Map.of());
    columns.attribute(Attribute.ofLongs("strides", strides[0], 1));
    rows.attribute(Attribute.ofLongs("strides", 1, strides[1]));
    columns.attribute(Attribute.ofLongs("dilations", dilations[0], 1));
    rows.attribute(Attribute.ofLongs("dilations", 1, dilations[1]));
    String automatic = node.attribute("auto_pad").map(Attribute::text).orElse("NOTSET");
    if (automatic.equals("NOTSET")) {
      columns.attribute(Attribute.ofLongs("pads", pads[0], 0, pads[2], 0));
      rows.attribute(Attribute.ofLongs("pads", 0, pads[1], 0, pads[3]));
    } else {
      columns.attribute(Attribute.of("auto_pad", automatic));
      rows.attribute(Attribute.of("auto_pad", automatic));
    }
    return List.of(columns, rows);
  }

  private List<Node> tucker(Node node, List<String> names, String middle) {
    String second = graph.freshName(node.output() + "_factor2");
    Node core = Node.of("Conv", second, List.of(middle, names.get(1)), List.of(second));
    node.attributes().forEach(core::attribute);
    return List.of(
        Node.of("Conv", middle, List.of(node.input(0), names.get(0)), List.of(middle)),
        core,
        last(node, second, names.get(2), Map.of()));
  }
}
