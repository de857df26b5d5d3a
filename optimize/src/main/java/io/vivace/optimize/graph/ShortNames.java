package io.vivace.optimize.graph;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives the values between nodes short names, which take a good part of a small model's file. The
 * names of nodes, weights, inputs and outputs stay. Graphs inside nodes stay as they are, and so do
 * the values that they take from outside.
 */
public final class ShortNames implements GraphPass {
  /** Makes the pass. */
  public ShortNames() {}

  @Override
  public void apply(ModelGraph model, PassContext context) {
    Graph graph = model.graph();
    Set<String> fixed = new HashSet<>();
    graph.outputs().forEach(output -> fixed.add(output.name()));
    Set<String> taken = new HashSet<>(fixed);
    graph.inputs().forEach(input -> taken.add(input.name()));
    graph.weights().forEach(weight -> taken.add(weight.name()));
    for (Node node : graph.nodes()) {
      for (Graph body : node.graphs()) {
        fixed.addAll(Uses.captured(body));
        collect(body, taken);
      }
    }
    rename(graph, fixed, taken);
    graph.forgetValues();
  }

  /** A short name must mean nothing inside a body: it would hide there what is meant. */
  private static void collect(Graph body, Set<String> taken) {
    body.inputs().forEach(input -> taken.add(input.name()));
    body.weights().forEach(weight -> taken.add(weight.name()));
    for (Node node : body.nodes()) {
      taken.addAll(node.inputs());
      taken.addAll(node.outputs());
      node.graphs().forEach(inner -> collect(inner, taken));
    }
  }

  private static void rename(Graph graph, Set<String> fixed, Set<String> taken) {
    Map<String, String> names = new HashMap<>();
    int number = 0;
    for (Node node : graph.nodes()) {
      List<String> outputs = node.outputs();
      for (int i = 0; i < outputs.size(); i++) {
        String output = outputs.get(i);
        if (!output.isEmpty() && !fixed.contains(output)) {
          String name = Integer.toString(number++, Character.MAX_RADIX);
          while (taken.contains(name)) {
            name = Integer.toString(number++, Character.MAX_RADIX);
          }
          names.put(output, name);
          node.replaceOutput(i, name);
        }
      }
    }
    for (Node node : graph.nodes()) {
      node.replaceInputs(
          node.inputs().stream().map(input -> names.getOrDefault(input, input)).toList());
    }
  }
}
