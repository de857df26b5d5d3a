package io.vivace.optimize.train.graph;

import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Weight;
import java.util.Optional;

/**
 * A range of whole numbers.
 *
 * @param lowest the smallest one
 * @param highest the largest one
 */
record QuantizedType(long lowest, long highest) {
  static QuantizedType of(OnnxElementType type) {
    return switch (type) {
      case INT2, INT4, INT8, INT16 ->
          new QuantizedType(-(1L << (type.bits() - 1)), (1L << (type.bits() - 1)) - 1);
      case UINT2, UINT4, UINT8, UINT16 -> new QuantizedType(0, (1L << type.bits()) - 1);
      default -> throw new GraphException("values cannot be quantized to " + type);
    };
  }

  /** What a QuantizeLinear node makes: the type of its zero point, or what it states, or uint8. */
  static QuantizedType of(Graph graph, Node node) {
    OnnxElementType stated =
        OnnxElementType.of((int) node.integer("output_dtype", OnnxElementType.UINT8.number()))
            .orElse(OnnxElementType.UINT8);
    OnnxElementType type =
        node.input(2).isEmpty() ? stated : type(graph, node.input(2)).orElse(stated);
    return of(type);
  }

  private static Optional<OnnxElementType> type(Graph graph, String name) {
    return graph
        .constant(name)
        .map(Weight::type)
        .or(
            () ->
                graph.inputs().stream()
                    .filter(input -> input.name().equals(name))
                    .map(input -> input.type().element())
                    .findFirst());
  }
}
