package io.vivace.optimize.quantize;

import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.QuantizedOperators;
import io.vivace.optimize.internal.NearestNames;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Checks, before a model is quantized, that it can be, and that what is left out is there. */
final class FloatModel {
  private FloatModel() {}

  static void require(ModelGraph model) {
    QuantizedOperators.first(model.graph())
        .ifPresent(
            node -> {
              throw new GraphException(
                  "model %s is quantized already: see node %s; give the model with float weights"
                      .formatted(model.name(), node));
            });
  }

  /** Refuses names that no node has, in the model's graph and those inside it. */
  static void requireNodes(ModelGraph model, Set<String> names) {
    Set<String> known = new TreeSet<>();
    each(model.graph(), (owner, node) -> known.add(node.name()));
    Set<String> unknown = new TreeSet<>(names);
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new GraphException(
          "model %s has no node named %s, but they are excluded%s"
              .formatted(model.name(), unknown, NearestNames.of(unknown, known)));
    }
  }

  /**
   * The nodes that use some constants, in the model's graph and those inside it; refuses unknown
   * ones.
   */
  static Set<Node> users(ModelGraph model, Set<String> weights) {
    if (weights.isEmpty()) {
      return Set.of();
    }
    Set<String> unknown = new TreeSet<>(weights);
    Set<Node> users = new HashSet<>();
    each(
        model.graph(),
        (owner, node) -> {
          for (String input : node.inputs()) {
            if (weights.contains(input) && owner.constant(input).isPresent()) {
              users.add(node);
              unknown.remove(input);
            }
          }
        });
    if (!unknown.isEmpty()) {
      List<String> known = LayerWeight.of(model.graph()).stream().map(LayerWeight::name).toList();
      throw new GraphException(
          "no node of model %s uses a weight named %s, but they are left out%s"
              .formatted(model.name(), unknown, NearestNames.of(unknown, known)));
    }
    return users;
  }

  private static void each(Graph graph, BiConsumer<Graph, Node> action) {
    for (Node node : graph.nodes()) {
      action.accept(graph, node);
      node.graphs().forEach(inner -> each(inner, action));
    }
  }
}
