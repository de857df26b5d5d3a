package io.vivace.optimize.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who makes and who uses each value of a graph, as it was when this was made. A node also uses what
 * the graphs inside it take from outside.
 */
public final class Uses {
  private final Map<String, Node> producers = new HashMap<>();
  private final Map<String, List<Node>> consumers = new HashMap<>();

  private Uses() {}

  /**
   * Looks a graph through; linear in its size.
   *
   * @param graph the graph
   * @return its uses; they do not change with the graph
   */
  public static Uses of(Graph graph) {
    Uses uses = new Uses();
    for (Node node : graph.nodes()) {
      for (String output : node.outputs()) {
        if (!output.isEmpty()) {
          uses.producers.put(output, node);
        }
      }
      for (String input : inputsOf(node)) {
        uses.consumers.computeIfAbsent(input, key -> new ArrayList<>(1)).add(node);
      }
    }
    return uses;
  }

  /**
   * Returns the node that makes a value.
   *
   * @param value the name
   * @return the node; empty for inputs, initializers and what other graphs make
   */
  public Optional<Node> producer(String value) {
    return Optional.ofNullable(producers.get(value));
  }

  /**
   * Returns the nodes that use a value.
   *
   * @param value the name
   * @return each node once, in the graph's order
   */
  public List<Node> consumers(String value) {
    return consumers.getOrDefault(value, List.of());
  }

  /**
   * Returns all values that a node takes, for itself and for the graphs inside it.
   *
   * @param node the node
   * @return each name once; without the empty one
   */
  public static Set<String> inputsOf(Node node) {
    Set<String> names = new LinkedHashSet<>(node.inputs());
    node.graphs().forEach(graph -> captured(graph, names));
    names.remove("");
    return names;
  }

  /**
   * Returns the values that a graph takes from the graphs around it.
   *
   * @param graph a graph inside a node
   * @return each name once
   */
  public static Set<String> captured(Graph graph) {
    Set<String> names = new LinkedHashSet<>();
    captured(graph, names);
    return names;
  }

  private static void captured(Graph graph, Set<String> names) {
    Set<String> local = new HashSet<>();
    graph.inputs().forEach(value -> local.add(value.name()));
    graph.weights().forEach(weight -> local.add(weight.name()));
    graph.nodes().forEach(node -> local.addAll(node.outputs()));
    Set<String> used = new HashSet<>();
    graph.nodes().forEach(node -> used.addAll(inputsOf(node)));
    graph.outputs().forEach(value -> used.add(value.name()));
    used.removeAll(local);
    names.addAll(used);
  }
}
