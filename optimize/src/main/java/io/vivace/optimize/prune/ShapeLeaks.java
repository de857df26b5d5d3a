package io.vivace.optimize.prune;

import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.TypeInference;
import io.vivace.optimize.graph.Uses;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.prune.ChannelClasses.Axis;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Keeps axes whose size a model computes with while it runs. Sizes that are only moved into the
 * shape of a reshape do no harm: those shapes are rewritten.
 */
final class ShapeLeaks {
  private static final Set<String> MOVES =
      Set.of("Gather", "Unsqueeze", "Squeeze", "Cast", "Concat", "Slice", "Identity");

  private final Graph graph;
  private final Uses uses;
  private final ChannelClasses classes;
  private final TypeInference types;

  ShapeLeaks(Graph graph, Uses uses, ChannelClasses classes, TypeInference types) {
    this.graph = graph;
    this.uses = uses;
    this.classes = classes;
    this.types = types;
  }

  void keep() {
    for (Node node : graph.nodes()) {
      if (node.is("Size")) {
        classes.keep(node.input(0), node.toString(), "it counts the elements");
      } else if (node.is("Shape")) {
        for (Axis axis : classes.axes(node.input(0))) {
          if (axis != null && !classes.isKept(axis) && leaks(node, axis.index())) {
            classes.keep(axis, node, "the model computes with the size of the axis while it runs");
          }
        }
      }
    }
  }

  private boolean leaks(Node shape, int axis) {
    boolean part = shape.attribute("start").isPresent() || shape.attribute("end").isPresent();
    if (part || graph.isOutput(shape.output())) {
      return true;
    }
    int rank = classes.rank(shape.input(0));
    Deque<String> open = new ArrayDeque<>();
    for (Node user : uses.consumers(shape.output())) {
      if (picks(user, axis, rank)) {
        if (!moves(user, shape.output())) {
          return true;
        }
        open.add(user.output());
      }
    }
    return reachesMore(open);
  }

  /** Whether a user takes this size; true if that is not known. */
  private boolean picks(Node user, int axis, int rank) {
    if (!user.is("Gather") || user.integer("axis", 0) != 0) {
      return true;
    }
    long[] indices = graph.weight(user.input(1)).map(Weight::longs).orElse(null);
    if (indices == null) {
      return true;
    }
    for (long index : indices) {
      if ((index < 0 ? index + rank : index) == axis) {
        return true;
      }
    }
    return false;
  }

  /** A user that only moves the value, or takes it as a shape that will be rewritten. */
  private boolean moves(Node user, String value) {
    if (user.is("Reshape") || user.is("Expand")) {
      return user.input(1).equals(value)
          && !user.input(0).equals(value)
          && !types.shapeValues(value).isEmpty();
    }
    boolean picksBy = user.inputs().lastIndexOf(value) > 0 && !user.is("Concat");
    return user.domain().isEmpty() && MOVES.contains(user.operator()) && !picksBy;
  }

  private boolean reachesMore(Deque<String> open) {
    Set<String> seen = new HashSet<>();
    while (!open.isEmpty()) {
      String value = open.remove();
      if (!seen.add(value)) {
        continue;
      }
      if (graph.isOutput(value)) {
        return true;
      }
      for (Node user : uses.consumers(value)) {
        if (!moves(user, value)) {
          return true;
        }
        if (!user.is("Reshape") && !user.is("Expand")) {
          open.add(user.output());
        }
      }
    }
    return false;
  }
}
