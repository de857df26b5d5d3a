package io.vivace.optimize.train.graph;

import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Weight;

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
        node.input(2).isEmpty()
            ? stated
            : graph.constant(node.input(2)).map(Weight::type).orElse(stated);
    return of(type);
  }
}
