package io.vivace.optimize.quantize;

import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Patterns;
import io.vivace.optimize.graph.Uses;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;

/** The nodes of which exporters make layer normalizations and GELUs; integers would ruin them. */
final class SpelledOut {
  private final Uses uses;
  private final Set<Node> nodes = new LinkedHashSet<>();

  private SpelledOut(Graph graph) {
    this.uses = Uses.of(graph);
  }

  static Set<Node> nodes(Graph graph) {
    SpelledOut found = new SpelledOut(graph);
    Patterns.layerNorms(graph).forEach(norm -> found.add(norm.output(), norm.input()));
    Patterns.gelus(graph).forEach(gelu -> found.add(gelu.output(), gelu.input()));
    return found.nodes;
  }

  /** Those of layer normalizations alone. */
  static Set<Node> norms(Graph graph) {
    SpelledOut found = new SpelledOut(graph);
    Patterns.layerNorms(graph).forEach(norm -> found.add(norm.output(), norm.input()));
    return found.nodes;
  }

  /** All nodes on the way back from the last one to what the first ones take. */
  private void add(String output, String input) {
    Deque<String> open = new ArrayDeque<>();
    open.add(output);
    while (!open.isEmpty()) {
      String value = open.remove();
      Node node = value.equals(input) ? null : uses.producer(value).orElse(null);
      if (node != null && nodes.add(node)) {
        open.addAll(node.inputs());
      }
    }
  }
}
