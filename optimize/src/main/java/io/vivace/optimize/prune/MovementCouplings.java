package io.vivace.optimize.prune;

import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.prune.ChannelClasses.Axis;
import java.util.List;

/** What operators tie that compute element by element, or move, cut and join elements. */
final class MovementCouplings {
  private final Graph graph;
  private final ChannelClasses classes;
  private final AxisLinks links;

  MovementCouplings(Graph graph, ChannelClasses classes, AxisLinks links) {
    this.graph = graph;
    this.classes = classes;
    this.links = links;
  }

  void concat(Node node) {
    int rank = classes.rank(node.output());
    int axis = (int) node.integer("axis", 0);
    int along = axis < 0 ? axis + rank : axis;
    Axis whole = links.axis(node.output(), along);
    int offset = 0;
    for (String input : node.inputs()) {
      for (int i = 0; i < rank; i++) {
        Axis part = links.axis(input, i);
        if (i == along && part != null && whole != null) {
          links.link(part, whole, 0, offset, part.size());
          offset += part.size();
        } else if (i != along) {
          links.link(input, i, node.output(), i);
        }
      }
    }
    for (String input : node.inputs()) {
      for (int i = 0; i < rank; i++) {
        Axis output = links.axis(node.output(), i);
        if (classes.size(input, i) < 0 && output != null) {
          classes.keep(output, node, "the size of \"" + input + "\" along the axis is not known");
        }
      }
    }
  }

  void split(Node node) {
    int rank = classes.rank(node.input(0));
    int axis = (int) node.integer("axis", 0);
    int along = axis < 0 ? axis + rank : axis;
    Axis whole = links.axis(node.input(0), along);
    boolean constant = node.input(1).isEmpty() || graph.weight(node.input(1)).isPresent();
    int offset = 0;
    for (String output : node.outputs()) {
      for (int i = 0; i < rank; i++) {
        Axis part = output.isEmpty() ? null : links.axis(output, i);
        if (i == along && part != null && whole != null && constant) {
          links.link(part, whole, 0, offset, Math.min(part.size(), whole.size() - offset));
          offset += part.size();
        } else if (i != along && part != null) {
          links.link(node.input(0), i, output, i);
        }
      }
    }
    if (whole != null && offset != whole.size()) {
      classes.keep(whole, node, "the sizes of its parts are not known");
    }
  }

  /** Axes of which nothing is cut off. */
  void slice(Node node) {
    for (int i = 0; i < classes.rank(node.input(0)); i++) {
      if (isWhole(node, i)) {
        links.sameAxes(node, i);
      }
    }
  }

  private boolean isWhole(Node node, int axis) {
    List<Long> axes = links.list(node, 3, "axes");
    List<Long> starts = links.list(node, 1, "starts");
    if (axes.isEmpty() && node.input(3).isEmpty()) {
      return !starts.isEmpty() && axis >= starts.size();
    }
    int rank = classes.rank(node.input(0));
    return !axes.isEmpty() && axes.stream().noneMatch(cut -> (cut < 0 ? cut + rank : cut) == axis);
  }

  void transpose(Node node) {
    int rank = classes.rank(node.input(0));
    long[] order = node.integers("perm");
    for (int i = 0; i < rank; i++) {
      links.link(
          node.input(0), order.length == 0 ? rank - 1 - i : (int) order[i], node.output(), i);
    }
  }

  /** The picked axis stays; others are the output's. */
  void gather(Node node) {
    int rank = classes.rank(node.input(0));
    int indices = classes.rank(node.input(1));
    int axis = (int) node.integer("axis", 0);
    int along = axis < 0 ? axis + rank : axis;
    if (indices < 0) {
      return;
    }
    for (int i = 0; i < rank; i++) {
      if (i != along) {
        links.link(node.input(0), i, node.output(), i < along ? i : i + indices - 1);
        links.role(node.input(0), i, links.produced());
      }
    }
    for (int i = 0; i < indices; i++) {
      links.link(node.input(1), i, node.output(), along + i);
    }
  }

  void pad(Node node) {
    int rank = classes.rank(node.input(0));
    List<Long> pads = links.list(node, 1, "pads");
    for (int i = 0; i < rank && pads.size() == 2 * rank && node.input(3).isEmpty(); i++) {
      if (pads.get(i) == 0 && pads.get(i + rank) == 0) {
        links.sameAxes(node, i);
      }
    }
  }

  /** By scales, the axes that keep their size are free; sizes as numbers would need to change. */
  void resize(Node node) {
    if (node.is("Resize") && !node.input(3).isEmpty()) {
      return;
    }
    for (int i = 0; i < 2; i++) {
      links.sameAxes(node, i);
    }
  }

  void reduce(Node node) {
    int rank = classes.rank(node.input(0));
    List<Long> axes = links.list(node, 1, "axes");
    boolean keeps = node.integer("keepdims", 1) != 0;
    if (rank < 0 || axes.isEmpty()) {
      return;
    }
    int out = 0;
    for (int i = 0; i < rank; i++) {
      int at = i;
      if (axes.stream().anyMatch(axis -> (axis < 0 ? axis + rank : axis) == at)) {
        links.keepAxis(node, i, "it reduces the axis to one value, which fewer values change");
        out += keeps ? 1 : 0;
      } else {
        links.link(node.input(0), i, node.output(), out++);
      }
    }
  }

  void reshape(Node node) {
    for (ReshapeGroup group : ReshapeGroup.of(classes, node.input(0), node.output())) {
      group.couple(classes).forEach(links::touch);
    }
  }

  void elementwise(Node node) {
    for (String input : node.inputs()) {
      for (String output : node.outputs()) {
        if (!input.isEmpty() && !output.isEmpty()) {
          links.stretch(input, output);
        }
      }
    }
    links.keepUnknown(node, classes.rank(node.output()));
  }
}
