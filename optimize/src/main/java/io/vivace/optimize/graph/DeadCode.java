package io.vivace.optimize.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Removes nodes and weights that no output needs. */
public final class DeadCode implements GraphPass {
  /** Makes the pass. */
  public DeadCode() {}

  @Override
  public void apply(ModelGraph model, PassContext context) {
    remove(model.graph());
  }

  private static void remove(Graph graph) {
    graph.sort();
    Set<String> needed = new HashSet<>();
    graph.outputs().forEach(output -> needed.add(output.name()));
    List<Node> kept = new ArrayList<>();
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      Node node = graph.nodes().get(i);
      if (!Collections.disjoint(needed, node.outputs())) {
        node.graphs().forEach(DeadCode::remove);
        needed.addAll(Uses.inputsOf(node));
        kept.add(node);
      }
    }
    Collections.reverse(kept);
    graph.replaceNodes(kept);
    for (Weight weight : List.copyOf(graph.weights())) {
      if (!needed.contains(weight.name())) {
        graph.removeWeight(weight.name());
      }
    }
  }
}
