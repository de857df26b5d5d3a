package io.vivace.optimize.prune;

import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.prune.ChannelClasses.Axis;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Joins axes for the rules of operators, and remembers which ones a rule spoke of. */
final class AxisLinks {
  private final Graph graph;
  private final ChannelClasses classes;
  private final Set<Integer> touched = new HashSet<>();

  /** Weight axes over which products sum: slices of them take what a channel gives. */
  private final Set<Axis> consumed = new HashSet<>();

  /** Weight axes that make channels. */
  private final Set<Axis> produced = new HashSet<>();

  /** Axes that two computed values are summed over. */
  private final Set<Axis> contracted = new HashSet<>();

  AxisLinks(Graph graph, ChannelClasses classes) {
    this.graph = graph;
    this.classes = classes;
  }

  Set<Axis> consumed() {
    return consumed;
  }

  Set<Axis> produced() {
    return produced;
  }

  Set<Axis> contracted() {
    return contracted;
  }

  void forgetTouched() {
    touched.clear();
  }

  boolean isTouched(Axis axis) {
    return touched.contains(axis.number());
  }

  /** Joins two whole axes of the same size, position by position. */
  void link(String a, int axisA, String b, int axisB) {
    if (a.isEmpty() || b.isEmpty()) {
      return;
    }
    Axis x = axis(a, axisA);
    Axis y = axis(b, axisB);
    if (x != null && y != null && x.size() == y.size()) {
      link(x, y, 0, 0, x.size());
    }
  }

  void link(Axis x, Axis y, int fromX, int fromY, int size) {
    for (int i = 0; i < size; i++) {
      classes.join(x.first() + fromX + i, y.first() + fromY + i);
    }
    touch(x);
    touch(y);
  }

  @Nullable Axis axis(String tensor, int index) {
    Axis[] axes = classes.axes(tensor);
    int at = index < 0 ? index + axes.length : index;
    return at >= 0 && at < axes.length ? axes[at] : null;
  }

  void touch(Axis axis) {
    touched.add(axis.number());
  }

  /** Each axis of the input is the same of the output, counted from the end; those of 1 stretch. */
  void stretch(String input, String output) {
    int rank = classes.rank(input);
    int wide = classes.rank(output);
    for (int i = 1; i <= rank && rank >= 0 && wide >= rank; i++) {
      link(input, rank - i, output, wide - i);
      Axis own = axis(input, rank - i);
      if (own != null && own.size() == 1) {
        touch(own);
        // The output's axis comes from another input; if from none, nothing joins it and it stays.
      }
    }
  }

  void sameAxes(Node node, int... indices) {
    for (int index : indices) {
      link(node.input(0), index, node.output(), index);
    }
  }

  void sameAllAxes(Node node) {
    for (int i = 0; i < classes.rank(node.input(0)); i++) {
      sameAxes(node, i);
    }
  }

  void keepAxis(Node node, int index, String reason) {
    Axis axis = axis(node.input(0), index);
    if (axis != null) {
      classes.keep(axis, node, reason);
    }
  }

  List<Long> list(Node node, int input, String attribute) {
    Optional<Attribute> own = node.attribute(attribute);
    if (own.isPresent()) {
      return Arrays.stream(own.get().integers()).boxed().toList();
    }
    return graph
        .weight(node.input(input))
        .map(Weight::longs)
        .map(values -> Arrays.stream(values).boxed().toList())
        .orElse(List.of());
  }

  void role(String weight, int axis, Set<Axis> roles) {
    Axis found = axis(weight, axis);
    if (found != null && graph.weight(weight).isPresent()) {
      roles.add(found);
    }
  }

  /** Where one input's size is not known, it may be the same as, or stretch to, that of others. */
  void keepUnknown(Node node, int rank) {
    for (String input : node.inputs()) {
      int own = input.isEmpty() ? 0 : classes.rank(input);
      for (int i = 1; i <= Math.min(own, rank); i++) {
        Axis output = axis(node.output(), rank - i);
        if (classes.size(input, own - i) < 0 && output != null) {
          classes.keep(output, node, "the size of \"" + input + "\" along the axis is not known");
        }
      }
    }
  }
}
