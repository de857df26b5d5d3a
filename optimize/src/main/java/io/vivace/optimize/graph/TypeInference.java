package io.vivace.optimize.graph;

import io.vivace.core.model.onnx.OnnxDimension;
import io.vivace.core.model.onnx.OnnxElementType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds element type, rank and sizes of the values between nodes, as far as they are known before
 * the model runs. Integers that are shapes or parts of them are followed from {@code Shape} to
 * {@code Reshape}, so that transformers keep their ranks and widths.
 *
 * <p>Of operators that it does not know, and of what follows them, it says nothing but what the
 * file states. What it says is true for every input that the model accepts.
 */
public final class TypeInference {
  /** Scales of a resize: one per axis. */
  private static final int MOST_SCALES = 8;

  private final Map<String, ValueType> types = new HashMap<>();
  private final Map<String, ShapeValues> integers = new HashMap<>();
  private final Map<Graph, TypeInference> bodies = new HashMap<>();
  private final Map<String, float[]> floats = new HashMap<>();
  private final long opset;

  private TypeInference(long opset) {
    this.opset = opset;
  }

  /**
   * Looks a model through; linear in its size.
   *
   * @param model the model; its nodes must be in an order in which they can run
   * @return what is known now; does not change with the model
   */
  public static TypeInference of(ModelGraph model) {
    TypeInference inference = new TypeInference(model.opset());
    inference.run(model.graph());
    return inference;
  }

  /**
   * Returns what is known of a value of the model's own graph.
   *
   * @param value the name
   * @return the type; {@link ValueType#UNKNOWN} if nothing is known
   */
  public ValueType type(String value) {
    return types.getOrDefault(value, ValueType.UNKNOWN);
  }

  /**
   * Returns what is known of the values of a graph inside a node.
   *
   * @param body the graph
   * @return its types; empty if the graph is not part of the model
   */
  public Optional<TypeInference> body(Graph body) {
    for (Map.Entry<Graph, TypeInference> entry : bodies.entrySet()) {
      if (entry.getKey() == body) {
        return Optional.of(entry.getValue());
      }
      Optional<TypeInference> inner = entry.getValue().body(body);
      if (inner.isPresent()) {
        return inner;
      }
    }
    return Optional.empty();
  }

  private void run(Graph graph) {
    graph.inputs().forEach(value -> types.put(value.name(), value.type()));
    graph.weights().forEach(this::constant);
    Map<String, ValueType> stated = new HashMap<>();
    graph.values().forEach(value -> stated.put(value.name(), value.type()));
    graph.outputs().forEach(value -> stated.put(value.name(), value.type()));
    for (Node node : graph.nodes()) {
      node(graph, node, stated);
    }
  }

  private void constant(Weight weight) {
    types.put(weight.name(), ValueType.of(weight.type(), weight.shape()));
    ShapeValues.of(weight).ifPresent(values -> integers.put(weight.name(), values));
    if (weight.type() == OnnxElementType.FLOAT && weight.shape().elements() <= MOST_SCALES) {
      floats.put(weight.name(), weight.floats());
    }
  }

  private void node(Graph graph, Node node, Map<String, ValueType> stated) {
    for (Graph body : node.graphs()) {
      TypeInference inner = new TypeInference(opset);
      inner.types.putAll(types);
      inner.integers.putAll(integers);
      inner.floats.putAll(floats);
      inner.run(body);
      bodies.put(body, inner);
    }
    Optional<Weight> value = graph.constant(node);
    if (value.isPresent()) {
      constant(value.get());
      return;
    }
    List<ValueType> results = new OperatorTypes(this, node).results();
    for (int i = 0; i < node.outputs().size(); i++) {
      String output = node.outputs().get(i);
      ValueType known = i < results.size() ? results.get(i) : ValueType.UNKNOWN;
      types.put(output, merge(known, stated.getOrDefault(output, ValueType.UNKNOWN)));
    }
    new ShapeArithmetic(this, node)
        .result()
        .ifPresent(result -> integers.put(node.output(), result));
  }

  /** What is inferred goes before what the file states; unknown parts are filled. */
  private static ValueType merge(ValueType inferred, ValueType stated) {
    OnnxElementType element =
        inferred.element() == OnnxElementType.UNDEFINED ? stated.element() : inferred.element();
    List<OnnxDimension> left = inferred.dimensions();
    List<OnnxDimension> right = stated.dimensions();
    if (left == null || right == null || left.size() != right.size()) {
      return new ValueType(element, left == null ? right : left);
    }
    List<OnnxDimension> merged = new ArrayList<>();
    for (int i = 0; i < left.size(); i++) {
      merged.add(left.get(i).equals(OnnxDimension.UNKNOWN) ? right.get(i) : left.get(i));
    }
    return new ValueType(element, merged);
  }

  long opset() {
    return opset;
  }

  /** The integers of a value, if it is a small tensor of them that is known in part at least. */
  Optional<ShapeValues> integers(String value) {
    return Optional.ofNullable(integers.get(value));
  }

  /** The numbers of a constant that is a list of scales. */
  Optional<float[]> floats(String value) {
    return Optional.ofNullable(floats.get(value));
  }
}
