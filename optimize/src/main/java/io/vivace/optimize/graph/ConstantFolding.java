package io.vivace.optimize.graph;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Replaces nodes by constants where their result is known: integers that become shapes, and
 * constants that are only renamed or reshaped. Weights are never computed anew, so that no value
 * changes.
 */
public final class ConstantFolding implements GraphPass {
  /** Makes the pass. */
  public ConstantFolding() {}

  @Override
  public void apply(ModelGraph model, PassContext context) {
    ConstantLifting.lift(model.graph());
    TypeInference types = TypeInference.of(model);
    fold(model.graph(), types);
  }

  private static void fold(Graph graph, TypeInference types) {
    List<Node> kept = new ArrayList<>();
    for (Node node : graph.nodes()) {
      node.graphs().forEach(body -> types.body(body).ifPresent(inner -> fold(body, inner)));
      Optional<Weight> result =
          node.outputs().size() == 1 && !graph.isOutput(node.output())
              ? result(graph, node, types)
              : Optional.empty();
      result.ifPresentOrElse(graph::put, () -> kept.add(node));
    }
    graph.replaceNodes(kept);
  }

  private static Optional<Weight> result(Graph graph, Node node, TypeInference types) {
    Optional<ShapeValues> integers = types.integers(node.output()).filter(ShapeValues::allKnown);
    if (integers.isPresent() && types.type(node.output()).element() == OnnxElementType.INT64) {
      long[] values = integers.get().toArray();
      Shape shape = integers.get().rank() == 0 ? Shape.of() : Shape.of(values.length);
      return Optional.of(Weight.ofLongs(node.output(), shape, values));
    }
    boolean view =
        node.is("Identity")
            || node.is("Reshape")
            || node.is("Squeeze")
            || node.is("Unsqueeze")
            || node.is("Flatten");
    ValueType type = types.type(node.output());
    if (!view || type.rank() < 0 || isOpen(type)) {
      return Optional.empty();
    }
    long[] sizes = new long[type.rank()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = type.size(i);
    }
    return graph
        .constant(node.input(0))
        .filter(weight -> weight.shape().elements() == Shape.of(sizes).elements())
        .map(weight -> Weight.of(node.output(), weight.type(), Shape.of(sizes), weight.elements()));
  }

  private static boolean isOpen(ValueType type) {
    for (int i = 0; i < type.rank(); i++) {
      if (type.size(i) < 0) {
        return true;
      }
    }
    return false;
  }
}
