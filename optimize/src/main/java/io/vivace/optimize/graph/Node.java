package io.vivace.optimize.graph;

import io.vivace.core.model.onnx.ByteRange;
import io.vivace.core.model.onnx.OnnxData;
import io.vivace.core.model.onnx.OnnxNode;
import io.vivace.core.model.onnx.OnnxStorage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One operation of a graph; can be changed. Not thread-safe. */
public final class Node {
  private final @Nullable ByteRange stored;
  private String name;
  private String operator;
  private String domain = "";
  private String overload = "";
  private final List<String> inputs;
  private final List<String> outputs;
  private final Map<String, Attribute> attributes = new LinkedHashMap<>();
  private boolean changed;

  private Node(
      @Nullable ByteRange stored,
      String name,
      String operator,
      List<String> inputs,
      List<String> outputs) {
    this.stored = stored;
    this.name = name;
    this.operator = operator;
    this.inputs = new ArrayList<>(inputs);
    this.outputs = new ArrayList<>(outputs);
  }

  /**
   * Makes a node of ONNX's own operator set.
   *
   * @param operator the operator, for example {@code Conv}
   * @param name the name; may be empty
   * @param inputs names of the inputs; an empty name is an input left out
   * @param outputs names of the outputs
   * @param attributes the settings
   * @return the node, not in a graph yet
   */
  public static Node of(
      String operator,
      String name,
      List<String> inputs,
      List<String> outputs,
      Attribute... attributes) {
    Node node = new Node(null, name, operator, inputs, outputs);
    for (Attribute attribute : attributes) {
      node.attributes.put(attribute.name(), attribute);
    }
    return node;
  }

  /**
   * Moves the node, which is in no graph yet, to another operator set.
   *
   * @param operatorSet its domain, for example {@code com.microsoft}
   * @return this node
   */
  public Node in(String operatorSet) {
    domain = operatorSet;
    changed = true;
    return this;
  }

  static Node stored(OnnxNode source, OnnxStorage storage, OnnxData data, Graph graph) {
    Node node =
        new Node(
            source.bytes(), source.name(), source.operator(), source.inputs(), source.outputs());
    node.domain = source.domain().equals("ai.onnx") ? "" : source.domain();
    node.overload = source.overload();
    source
        .attributes()
        .forEach(
            attribute ->
                node.attributes.put(
                    attribute.name(), Attribute.stored(attribute, storage, data, graph)));
    return node;
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
   * Returns the operator.
   *
   * @return for example {@code Conv}
   */
  public String operator() {
    return operator;
  }

  /**
   * Returns the operator set.
   *
   * @return the domain; empty for ONNX's own
   */
  public String domain() {
    return domain;
  }

  /**
   * Tells whether the node is of an operator of ONNX's own set.
   *
   * @param wanted the operator
   * @return true if so
   */
  public boolean is(String wanted) {
    return domain.isEmpty() && operator.equals(wanted);
  }

  /**
   * Returns the names of the inputs.
   *
   * @return a view; an empty name is an input left out
   */
  public List<String> inputs() {
    return Collections.unmodifiableList(inputs);
  }

  /**
   * Returns the names of the outputs.
   *
   * @return a view; an empty name is an output not wanted
   */
  public List<String> outputs() {
    return Collections.unmodifiableList(outputs);
  }

  /**
   * Returns the name of an input.
   *
   * @param index from 0
   * @return the name; empty if the input is left out, or the node has fewer
   */
  public String input(int index) {
    return index < inputs.size() ? inputs.get(index) : "";
  }

  /**
   * Returns the name of the first output.
   *
   * @return the name; empty if the node has none
   */
  public String output() {
    return outputs.isEmpty() ? "" : outputs.get(0);
  }

  /**
   * Takes another value as an input.
   *
   * @param index from 0, below the number of inputs
   * @param value the name of the value
   */
  public void replaceInput(int index, String value) {
    changed |= !inputs.set(index, value).equals(value);
  }

  /**
   * Gives an output another name.
   *
   * @param index from 0, below the number of outputs
   * @param value the name
   */
  public void replaceOutput(int index, String value) {
    changed |= !outputs.set(index, value).equals(value);
  }

  /**
   * Takes other values as inputs.
   *
   * @param values the names
   */
  public void replaceInputs(List<String> values) {
    changed |= !inputs.equals(values);
    List<String> copy = List.copyOf(values);
    inputs.clear();
    inputs.addAll(copy);
  }

  /**
   * Returns the settings.
   *
   * @return a view, in the file's order
   */
  public Collection<Attribute> attributes() {
    return Collections.unmodifiableCollection(attributes.values());
  }

  /**
   * Finds a setting.
   *
   * @param attributeName the name
   * @return the setting, if the node states it
   */
  public Optional<Attribute> attribute(String attributeName) {
    return Optional.ofNullable(attributes.get(attributeName));
  }

  /**
   * Returns an integer setting.
   *
   * @param attributeName the name
   * @param fallback what holds if the node does not state it
   * @return the value
   * @throws GraphException if it is of another kind
   */
  public long integer(String attributeName, long fallback) {
    Attribute attribute = attributes.get(attributeName);
    return attribute == null ? fallback : read(attribute, Attribute::integer);
  }

  /**
   * Returns a float setting.
   *
   * @param attributeName the name
   * @param fallback what holds if the node does not state it
   * @return the value
   * @throws GraphException if it is of another kind
   */
  public float number(String attributeName, float fallback) {
    Attribute attribute = attributes.get(attributeName);
    return attribute == null ? fallback : read(attribute, Attribute::number);
  }

  /**
   * Returns a setting that is a list of integers.
   *
   * @param attributeName the name
   * @param fallback what holds if the node does not state it
   * @return the values
   * @throws GraphException if it is of another kind
   */
  public long[] integers(String attributeName, long... fallback) {
    Attribute attribute = attributes.get(attributeName);
    return attribute == null ? fallback : read(attribute, Attribute::integers);
  }

  private <T> T read(Attribute attribute, Function<Attribute, T> form) {
    try {
      return form.apply(attribute);
    } catch (GraphException e) {
      throw new GraphException("node " + this + ": " + e.getMessage(), e);
    }
  }

  /**
   * Adds a setting, or replaces the one of the same name.
   *
   * @param attribute the setting
   */
  public void attribute(Attribute attribute) {
    attributes.put(attribute.name(), attribute);
    changed = true;
  }

  /**
   * Takes a setting away.
   *
   * @param attributeName the name; need not be there
   */
  public void removeAttribute(String attributeName) {
    changed |= attributes.remove(attributeName) != null;
  }

  /**
   * Returns the graphs that the node holds, as branches or as the body of a loop.
   *
   * @return the graphs; mostly none
   */
  public List<Graph> graphs() {
    List<Graph> graphs = new ArrayList<>();
    attributes.values().forEach(attribute -> graphs.addAll(attribute.graphs()));
    return graphs;
  }

  String overload() {
    return overload;
  }

  /** Where the node's message lies in the model's file. */
  @Nullable ByteRange stored() {
    return stored;
  }

  boolean isUntouched() {
    return stored != null && !changed && graphs().stream().allMatch(Graph::isUntouched);
  }

  /**
   * Names the node for messages.
   *
   * @return the name, or the first output where there is none, and the operator
   */
  @Override
  public String toString() {
    String operation = domain.isEmpty() ? operator : domain + "::" + operator;
    return "\"" + (name.isEmpty() ? output() : name) + "\" (" + operation + ")";
  }
}
