package io.vivace.optimize.graph;

import io.vivace.core.model.onnx.ByteRange;
import io.vivace.core.model.onnx.OnnxData;
import io.vivace.core.model.onnx.OnnxGraph;
import io.vivace.core.model.onnx.OnnxStorage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The nodes, weights, inputs and outputs of a model, or of a branch or loop in it; can be changed.
 * Values are known by their names; a graph inside a node also sees the values of the graphs around
 * it. Not thread-safe.
 */
public final class Graph {
  private final @Nullable Graph outer;
  private final ByteRange stored;
  private final String name;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Weight> weights = new LinkedHashMap<>();
  private final Map<String, Value> inputs = new LinkedHashMap<>();
  private final Map<String, Value> outputs = new LinkedHashMap<>();
  private final Map<String, Value> values = new LinkedHashMap<>();
  private final Set<String> sparse = new HashSet<>();
  private final Snapshot original;
  private final Set<String> given = new HashSet<>();

  /** What the file states; a graph that still equals it is written as it was. */
  private record Snapshot(
      List<Node> nodes, List<Weight> weights, List<Value> inputs, List<Value> outputs, int values) {
    static Snapshot of(Graph graph) {
      return new Snapshot(
          List.copyOf(graph.nodes),
          List.copyOf(graph.weights.values()),
          List.copyOf(graph.inputs.values()),
          List.copyOf(graph.outputs.values()),
          graph.values.size());
    }

    /** Nodes, weights and values have no equals of their own: the same objects are meant. */
    boolean isOf(Graph graph) {
      return equals(of(graph));
    }
  }

  private Graph(OnnxGraph source, OnnxStorage storage, OnnxData data, @Nullable Graph outer) {
    this.outer = outer;
    this.stored = source.bytes();
    this.name = source.name();
    source.inputs().forEach(value -> inputs.put(value.name(), Value.stored(value)));
    source.outputs().forEach(value -> outputs.put(value.name(), Value.stored(value)));
    source.values().forEach(value -> values.put(value.name(), Value.stored(value)));
    source.sparseInitializers().forEach(tensor -> sparse.add(tensor.name()));
    source
        .initializers()
        .forEach(tensor -> weights.put(tensor.name(), Weight.stored(tensor, storage)));
    source.nodes().forEach(node -> nodes.add(Node.stored(node, storage, data, this)));
    this.original = Snapshot.of(this);
  }

  static Graph stored(OnnxGraph source, OnnxStorage storage, OnnxData data, @Nullable Graph outer) {
    return new Graph(source, storage, data, outer);
  }

  /**
   * Returns the name.
   *
   * @return the name; may be empty
   */
  public String name() {
    return name;
  }

  /**
   * Returns the graph around this one.
   *
   * @return the graph whose node holds this one; empty for the model's own
   */
  public Optional<Graph> outer() {
    return Optional.ofNullable(outer);
  }

  /**
   * Returns the nodes.
   *
   * @return a live list that can be changed; their order must be one in which they can run when the
   *     model is saved, see {@link #sort()}
   */
  public List<Node> nodes() {
    return nodes;
  }

  /**
   * Replaces all nodes.
   *
   * @param replacement the new nodes
   */
  public void replaceNodes(List<Node> replacement) {
    List<Node> copy = List.copyOf(replacement);
    nodes.clear();
    nodes.addAll(copy);
  }

  /**
   * Brings the nodes into an order in which each comes after those whose outputs it uses. Nodes
   * that are in such an order keep it.
   *
   * @throws io.vivace.core.ModelLoadException if nodes wait for each other
   */
  public void sort() {
    replaceNodes(TopologicalOrder.of(nodes));
  }

  /**
   * Returns the initializers of this graph.
   *
   * @return a view, in the file's order
   */
  public Collection<Weight> weights() {
    return Collections.unmodifiableCollection(weights.values());
  }

  /**
   * Finds an initializer, also in the graphs around this one.
   *
   * @param weightName its name
   * @return the initializer
   */
  public Optional<Weight> weight(String weightName) {
    Weight found = weights.get(weightName);
    if (found != null || outer == null || defines(weightName)) {
      return Optional.ofNullable(found);
    }
    return outer.weight(weightName);
  }

  /**
   * Finds the graph that holds an initializer which this graph sees.
   *
   * @param weightName its name
   * @return this graph or one around it; empty if there is no such initializer
   */
  public Optional<Graph> owner(String weightName) {
    if (weights.containsKey(weightName)) {
      return Optional.of(this);
    }
    return outer == null || defines(weightName) ? Optional.empty() : outer.owner(weightName);
  }

  /**
   * Finds a constant: an initializer, or the value of a {@code Constant} node, also in the graphs
   * around this one.
   *
   * @param valueName the name that nodes use
   * @return the tensor, by that name; empty for what is not constant, and for constants that are
   *     text or sparse
   */
  public Optional<Weight> constant(String valueName) {
    return Constants.find(this, valueName);
  }

  /**
   * Returns the value of a {@code Constant} node of this graph.
   *
   * @param node the node
   * @return the tensor, by the name of the node's output; empty for other nodes, and for constants
   *     that are text or sparse
   */
  public Optional<Weight> constant(Node node) {
    return Constants.value(node);
  }

  /**
   * Adds an initializer, or replaces the one of the same name in its place.
   *
   * @param weight the tensor
   */
  public void put(Weight weight) {
    weights.put(weight.name(), weight);
  }

  /**
   * Takes an initializer away, also from the inputs, where old models list it.
   *
   * @param weightName its name; need not be there
   */
  public void removeWeight(String weightName) {
    if (weights.remove(weightName) != null) {
      inputs.remove(weightName);
    }
    values.remove(weightName);
  }

  /**
   * Returns the inputs. Models of IR version 3 and older list their initializers here, too.
   *
   * @return a view, in the file's order
   */
  public Collection<Value> inputs() {
    return Collections.unmodifiableCollection(inputs.values());
  }

  /**
   * Returns the outputs.
   *
   * @return a view, in the file's order
   */
  public Collection<Value> outputs() {
    return Collections.unmodifiableCollection(outputs.values());
  }

  /**
   * Tells whether a value is an output of this graph.
   *
   * @param valueName the name
   * @return true if so
   */
  public boolean isOutput(String valueName) {
    return outputs.containsKey(valueName);
  }

  /**
   * Tells whether a value is an input of this graph.
   *
   * @param valueName the name
   * @return true if so
   */
  public boolean isInput(String valueName) {
    return inputs.containsKey(valueName);
  }

  /**
   * Adds an input, or replaces the one of the same name.
   *
   * @param value the input
   */
  public void putInput(Value value) {
    inputs.put(value.name(), value);
  }

  /**
   * Adds an output, or replaces the one of the same name.
   *
   * @param value the output
   */
  public void putOutput(Value value) {
    outputs.put(value.name(), value);
  }

  /**
   * Takes an output away.
   *
   * @param valueName its name; need not be there
   */
  public void removeOutput(String valueName) {
    outputs.remove(valueName);
  }

  /**
   * Returns the values between nodes of which the file states the type.
   *
   * @return a view
   */
  public Collection<Value> values() {
    return Collections.unmodifiableCollection(values.values());
  }

  /** Forgets the types of the values between nodes: engines infer them anyway. */
  public void forgetValues() {
    values.clear();
  }

  /**
   * Makes a name that no value of the model has, given out only once.
   *
   * @param wish the name, which gets a number behind it if it is taken
   * @return the name
   */
  public String freshName(String wish) {
    if (outer != null) {
      return outer.freshName(wish);
    }
    String candidate = wish;
    Set<String> taken = new HashSet<>(given);
    collectNames(taken);
    for (int i = 1; taken.contains(candidate); i++) {
      candidate = wish + "_" + i;
    }
    given.add(candidate);
    return candidate;
  }

  private void collectNames(Set<String> taken) {
    taken.addAll(weights.keySet());
    taken.addAll(inputs.keySet());
    taken.addAll(sparse);
    for (Node node : nodes) {
      taken.addAll(node.outputs());
      taken.addAll(node.inputs());
      node.graphs().forEach(graph -> graph.collectNames(taken));
    }
  }

  /** Whether the name means something of this graph, not of one around it. */
  boolean defines(String valueName) {
    return weights.containsKey(valueName)
        || inputs.containsKey(valueName)
        || sparse.contains(valueName)
        || nodes.stream().anyMatch(node -> node.outputs().contains(valueName));
  }

  boolean isUntouched() {
    return original.isOf(this) && nodes.stream().allMatch(Node::isUntouched);
  }

  /** Where the graph's message lies in the model's file. */
  ByteRange stored() {
    return stored;
  }

  @Override
  public String toString() {
    return "\"%s\" (%d nodes, %d weights)".formatted(name, nodes.size(), weights.size());
  }
}
