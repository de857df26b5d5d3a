package io.vivace.optimize.graph;

import io.vivace.core.model.onnx.OnnxDimension;
import io.vivace.core.model.onnx.OnnxElementType;
import java.util.ArrayList;
import java.util.List;

/** The types of matrix products. */
final class ProductTypes {
  private final ValueType left;
  private final ValueType right;
  private final Node node;

  ProductTypes(TypeInference inference, Node node) {
    this.left = inference.type(node.input(0));
    this.right = inference.type(node.input(1));
    this.node = node;
  }

  /** As numpy's matmul: vectors lose their axis again. */
  ValueType matMul(OnnxElementType element) {
    List<OnnxDimension> a = left.dimensions();
    List<OnnxDimension> b = right.dimensions();
    if (a == null || b == null || a.isEmpty() || b.isEmpty()) {
      return new ValueType(element, null);
    }
    List<OnnxDimension> outerA = a.subList(0, Math.max(0, a.size() - 2));
    List<OnnxDimension> outerB = b.subList(0, Math.max(0, b.size() - 2));
    ValueType outer =
        OperatorTypes.broadcast(new ValueType(element, outerA), new ValueType(element, outerB));
    List<OnnxDimension> outerSizes = outer.dimensions();
    List<OnnxDimension> result = new ArrayList<>(outerSizes == null ? List.of() : outerSizes);
    if (a.size() > 1) {
      result.add(a.get(a.size() - 2));
    }
    if (b.size() > 1) {
      result.add(b.get(b.size() - 1));
    }
    return new ValueType(element, result);
  }

  ValueType gemm() {
    boolean transA = node.integer("transA", 0) != 0;
    boolean transB = node.integer("transB", 0) != 0;
    return new ValueType(
        left.element(), List.of(side(left, transA ? 1 : 0), side(right, transB ? 0 : 1)));
  }

  private static OnnxDimension side(ValueType type, int axis) {
    List<OnnxDimension> dimensions = type.dimensions();
    return dimensions != null && dimensions.size() == 2
        ? dimensions.get(axis)
        : OnnxDimension.UNKNOWN;
  }
}
