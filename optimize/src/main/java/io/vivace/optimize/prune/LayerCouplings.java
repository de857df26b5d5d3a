package io.vivace.optimize.prune;

import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.prune.ChannelClasses.Axis;
import org.jspecify.annotations.Nullable;

/** What products, convolutions and normalizations tie. */
final class LayerCouplings {
  private final Graph graph;
  private final ChannelClasses classes;
  private final AxisLinks links;
  private final long opset;

  LayerCouplings(Graph graph, ChannelClasses classes, AxisLinks links, long opset) {
    this.graph = graph;
    this.classes = classes;
    this.links = links;
    this.opset = opset;
  }

  void convolution(Node node) {
    int groups = (int) node.integer("group", 1);
    String x = node.input(0);
    String w = node.input(1);
    String y = node.output();
    links.link(w, 0, y, 1);
    links.link(node.input(2), 0, y, 1);
    links.link(x, 0, y, 0);
    links.role(w, 0, links.produced());
    if (groups == 1) {
      links.link(x, 1, w, 1);
      links.role(w, 1, links.consumed());
    } else {
      groups(links.axis(x, 1), links.axis(w, 1), links.axis(y, 1), groups);
      links.role(w, 1, links.consumed());
    }
  }

  void transposedConvolution(Node node) {
    int groups = (int) node.integer("group", 1);
    String x = node.input(0);
    String w = node.input(1);
    String y = node.output();
    links.link(x, 1, w, 0);
    links.link(node.input(2), 0, y, 1);
    links.link(x, 0, y, 0);
    links.role(w, 0, links.consumed());
    if (groups == 1) {
      links.link(w, 1, y, 1);
      links.role(w, 1, links.produced());
    } else {
      groups(links.axis(y, 1), links.axis(w, 1), links.axis(x, 1), groups);
    }
  }

  /**
   * Groups stay of equal size. Where each has one input, they go as a whole; else the same place of
   * each group goes.
   *
   * @param shared the axis whose positions the groups share in the weight
   * @param inner the weight's axis, as long as one group
   * @param other the axis on the other side
   */
  private void groups(
      @Nullable Axis shared, @Nullable Axis inner, @Nullable Axis other, int groups) {
    if (shared == null || inner == null || other == null) {
      return;
    }
    int inside = shared.size() / groups;
    int outside = other.size() / groups;
    boolean fits = inside * groups == shared.size() && outside * groups == other.size();
    if (!fits || inside == 0 || outside == 0 || inner.size() != inside) {
      return;
    }
    for (int g = 0; g < groups; g++) {
      for (int j = 0; j < outside; j++) {
        int place = other.first() + g * outside + j;
        classes.join(place, inside == 1 ? shared.first() + g : other.first() + j);
      }
      for (int i = 0; i < inside && inside > 1; i++) {
        classes.join(shared.first() + g * inside + i, inner.first() + i);
      }
    }
    links.touch(shared);
    links.touch(other);
    if (inside > 1) {
      links.touch(inner);
    }
  }

  void gemm(Node node) {
    boolean transA = node.integer("transA", 0) != 0;
    boolean transB = node.integer("transB", 0) != 0;
    String a = node.input(0);
    String b = node.input(1);
    product(a, transA ? 0 : 1, b, transB ? 1 : 0);
    links.link(a, transA ? 1 : 0, node.output(), 0);
    links.link(b, transB ? 0 : 1, node.output(), 1);
    links.role(b, transB ? 0 : 1, links.produced());
    links.role(a, transA ? 1 : 0, links.produced());
    if (!node.input(2).isEmpty()) {
      links.stretch(node.input(2), node.output());
    }
  }

  private void product(String a, int axisA, String b, int axisB) {
    links.link(a, axisA, b, axisB);
    links.role(a, axisA, links.consumed());
    links.role(b, axisB, links.consumed());
    Axis sum = links.axis(a, axisA);
    if (sum != null && graph.weight(a).isEmpty() && graph.weight(b).isEmpty()) {
      links.contracted().add(sum);
    }
  }

  void matMul(Node node) {
    String a = node.input(0);
    String b = node.input(1);
    String y = node.output();
    int rankA = classes.rank(a);
    int rankB = classes.rank(b);
    int rank = classes.rank(y);
    if (rankA < 1 || rankB < 1) {
      return;
    }
    product(a, rankA - 1, b, Math.max(0, rankB - 2));
    if (rankA > 1) {
      links.link(a, rankA - 2, y, rankB > 1 ? rank - 2 : rank - 1);
      links.role(a, rankA - 2, links.produced());
    }
    if (rankB > 1) {
      links.link(b, rankB - 1, y, rank - 1);
      links.role(b, rankB - 1, links.produced());
    }
    for (int i = 3; i <= rank; i++) {
      batch(a, rankA - i, y, rank - i);
      batch(b, rankB - i, y, rank - i);
    }
    if (rankA > 2 && rankB > 2) {
      keepUnknownBatches(node, rank);
    }
  }

  private void keepUnknownBatches(Node node, int rank) {
    for (int i = 3; i <= rank; i++) {
      for (int input = 0; input < 2; input++) {
        int own = classes.rank(node.input(input));
        Axis output = links.axis(node.output(), rank - i);
        if (i <= own && classes.size(node.input(input), own - i) < 0 && output != null) {
          classes.keep(output, node, "the size of an input along the axis is not known");
        }
      }
    }
  }

  private void batch(String input, int axis, String output, int at) {
    if (axis >= 0) {
      links.link(input, axis, output, at);
      Axis own = links.axis(input, axis);
      if (own != null && own.size() == 1) {
        links.touch(own);
      }
    }
  }

  void batchNormalization(Node node) {
    if (node.integer("training_mode", 0) != 0) {
      return;
    }
    links.sameAllAxes(node);
    for (int i = 1; i <= 4; i++) {
      links.link(node.input(i), 0, node.output(), 1);
    }
  }

  void instanceNormalization(Node node) {
    links.sameAxes(node, 0, 1);
    links.link(node.input(1), 0, node.output(), 1);
    links.link(node.input(2), 0, node.output(), 1);
  }

  void softmax(Node node) {
    int rank = classes.rank(node.input(0));
    long axis = node.integer("axis", opset < 13 ? 1 : -1);
    long from = axis < 0 ? axis + rank : axis;
    for (int i = 0; i < rank; i++) {
      if (i < from || (opset >= 13 && i > from)) {
        links.sameAxes(node, i);
      }
    }
    links.keepAxis(
        node, (int) from, "it normalizes over the axis: with fewer values all others change");
  }

  void layerNormalization(Node node) {
    int rank = classes.rank(node.input(0));
    long axis = node.integer("axis", -1);
    int from = (int) (axis < 0 ? axis + rank : axis);
    for (int i = 0; i < from; i++) {
      links.sameAxes(node, i);
    }
    for (int i = Math.max(0, from); i < rank; i++) {
      links.keepAxis(node, i, "it normalizes over the axis: with fewer values all others change");
    }
  }
}
