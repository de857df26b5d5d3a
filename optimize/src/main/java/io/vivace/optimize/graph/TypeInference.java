package io.vivace.optimize.graph;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxDimension;
import io.vivace.core.model.onnx.OnnxElementType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

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
  private final Map<String, Shape> given = new HashMap<>();
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
    return of(model, Map.of());
  }

  /**
   * Looks a model through for inputs of given shapes.
   *
   * @param model the model; its nodes must be in an order in which they can run
   * @param inputs full shapes by the names of inputs; others have the type that the file states
   * @return what is known now; does not change with the model
   */
  public static TypeInference of(ModelGraph model, Map<String, Shape> inputs) {
    TypeInference inference = new TypeInference(model.opset());
    inference.given.putAll(inputs);
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
    graph.inputs().forEach(value -> types.put(value.name(), input(value)));
    graph.weights().forEach(this::constant);
    Map<String, ValueType> stated = new HashMap<>();
    graph.values().forEach(value -> stated.put(value.name(), value.type()));
    graph.outputs().forEach(value -> stated.put(value.name(), value.type()));
    for (Node node : graph.nodes()) {
      node(graph, node, stated);
    }
  }

  private ValueType input(Value value) {
    Shape shape = given.get(value.name());
    return shape == null ? value.type() : ValueType.of(value.type().element(), shape);
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

  /**
   * Returns the integers of a value that is a shape or a part of one.
   *
   * @param value the name
   * @return one per element, empty where it is not known before the model runs; an empty list if
   *     nothing is known of the value, or it has no element
   */
  public List<OptionalLong> shapeValues(String value) {
    return integers(value).stream()
        .flatMap(found -> found.values().stream())
        .map(entry -> entry.known() ? OptionalLong.of(entry.value()) : OptionalLong.empty())
        .toList();
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
