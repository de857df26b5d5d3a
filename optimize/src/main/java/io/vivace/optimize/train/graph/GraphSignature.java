package io.vivace.optimize.train.graph;

import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.model.onnx.OnnxDimension;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.Value;
import java.util.Collection;
import java.util.List;

/** What a graph takes and gives, as its file states it. */
final class GraphSignature {
  private GraphSignature() {}

  /** A graph whose file leaves a rank open has no signature. */
  static Signature of(Graph graph) {
    List<Value> inputs =
        graph.inputs().stream().filter(value -> graph.weight(value.name()).isEmpty()).toList();
    return isOpen(inputs) || isOpen(graph.outputs())
        ? Signature.UNDECLARED
        : new Signature(specs(inputs), specs(graph.outputs()));
  }

  private static boolean isOpen(Collection<Value> values) {
    return values.stream().anyMatch(value -> value.type().rank() < 0);
  }

  private static List<TensorSpec> specs(Collection<Value> values) {
    return values.stream().map(GraphSignature::spec).toList();
  }

  private static TensorSpec spec(Value value) {
    List<OnnxDimension> dimensions = value.type().dimensions();
    long[] sizes =
        dimensions == null
            ? new long[0]
            : dimensions.stream().mapToLong(each -> Math.max(Shape.ANY, each.size())).toArray();
    return new TensorSpec(value.name(), type(value.type().element()), Shape.of(sizes));
  }

  private static ElementType type(OnnxElementType type) {
    return switch (type) {
      case FLOAT -> ElementType.FLOAT32;
      case DOUBLE -> ElementType.FLOAT64;
      case FLOAT16 -> ElementType.FLOAT16;
      case INT8 -> ElementType.INT8;
      case UINT8 -> ElementType.UINT8;
      case INT32 -> ElementType.INT32;
      case INT64 -> ElementType.INT64;
      case BOOL -> ElementType.BOOL;
      default -> throw new GraphException("values of type " + type + " cannot be trained on");
    };
  }
}
