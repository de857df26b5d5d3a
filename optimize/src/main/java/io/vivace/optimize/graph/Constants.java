package io.vivace.optimize.graph;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxElementType;
import java.util.Optional;

/** Finds what is constant in a graph. */
final class Constants {
  private Constants() {}

  static Optional<Weight> find(Graph graph, String name) {
    Optional<Graph> at = Optional.of(graph);
    while (at.isPresent()) {
      Graph scope = at.get();
      if (scope.defines(name)) {
        Optional<Weight> weight = scope.weight(name);
        return weight.isPresent() ? weight.filter(Constants::isNumeric) : ofNode(scope, name);
      }
      at = scope.outer();
    }
    return Optional.empty();
  }

  private static Optional<Weight> ofNode(Graph graph, String name) {
    return graph.nodes().stream()
        .filter(node -> node.is("Constant") && node.output().equals(name))
        .findFirst()
        .flatMap(Constants::value);
  }

  /** The value of a {@code Constant} node, by the name of its output. */
  static Optional<Weight> value(Node node) {
    if (!node.is("Constant") || node.attributes().size() != 1) {
      return Optional.empty();
    }
    Attribute attribute = node.attributes().iterator().next();
    String name = node.output();
    return switch (attribute.name()) {
      case "value" ->
          attribute.kind() == Attribute.Kind.TENSOR
              ? Optional.of(attribute.tensor().named(name)).filter(Constants::isNumeric)
              : Optional.empty();
      case "value_int" -> Optional.of(Weight.ofLongs(name, Shape.of(), attribute.integer()));
      case "value_float" -> Optional.of(Weight.ofFloats(name, Shape.of(), attribute.number()));
      case "value_ints" -> {
        long[] values = attribute.integers();
        yield Optional.of(Weight.ofLongs(name, Shape.of(values.length), values));
      }
      case "value_floats" -> {
        float[] values = attribute.numbers();
        yield Optional.of(Weight.ofFloats(name, Shape.of(values.length), values));
      }
      default -> Optional.empty();
    };
  }

  private static boolean isNumeric(Weight weight) {
    return weight.type() != OnnxElementType.STRING;
  }
}
