package io.vivace.optimize.prune;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.TypeInference;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.prune.ChannelClasses.Axis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Cuts channels out of a graph: out of weights, and of the numbers in nodes that speak of them. */
final class ChannelRemoval {
  private final ModelGraph model;
  private final Graph graph;
  private final ChannelClasses classes;
  private final Set<Integer> removed;
  private final TypeInference types;
  private final Map<String, Node> makers = new HashMap<>();

  /**
   * Prepares the cut.
   *
   * @param removed the classes that go
   */
  ChannelRemoval(ModelGraph model, ChannelClasses classes, Set<Integer> removed) {
    this.model = model;
    this.graph = model.graph();
    this.classes = classes;
    this.removed = removed;
    this.types = TypeInference.of(model);
    graph.nodes().forEach(node -> node.outputs().forEach(output -> makers.put(output, node)));
  }

  void run() {
    List<Node> before = new ArrayList<>(graph.nodes());
    List<Weight> cut = new ArrayList<>();
    for (Weight weight : graph.weights()) {
      boolean[][] kept = kept(weight.name());
      if (kept.length > 0 && Arrays.stream(kept).anyMatch(k -> k != null)) {
        cut.add(cut(weight, kept));
      }
    }
    before.forEach(this::rewrite);
    cut.forEach(graph::put);
    graph.forgetValues();
    graph.sort();
  }

  /** Which positions of each axis stay; null for an axis of which all do. */
  private boolean[] @Nullable [] kept(String tensor) {
    Axis[] axes = classes.axes(tensor);
    boolean[][] kept = new boolean[axes.length][];
    for (int i = 0; i < axes.length; i++) {
      kept[i] = axes[i] == null || left(axes[i]) == axes[i].size() ? null : kept(axes[i]);
    }
    return kept;
  }

  private boolean[] kept(Axis axis) {
    boolean[] kept = new boolean[axis.size()];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = !removed.contains(classes.find(axis.first() + i));
    }
    return kept;
  }

  private int left(Axis axis) {
    int left = 0;
    for (int i = 0; i < axis.size(); i++) {
      left += removed.contains(classes.find(axis.first() + i)) ? 0 : 1;
    }
    return left;
  }

  /** The size of an axis after the cut; -1 if it is not known. */
  private long left(String tensor, int index) {
    Axis[] axes = classes.axes(tensor);
    Axis axis = index < axes.length ? axes[index] : null;
    return axis == null ? -1 : left(axis);
  }

  private static Weight cut(Weight weight, boolean[] @Nullable [] kept) {
    byte[] bytes;
    try {
      bytes = weight.elements().bytes();
    } catch (IOException e) {
      throw new UncheckedIOException("tensor " + weight + " cannot be read: " + e, e);
    }
    long[] sizes = weight.shape().toArray();
    int inner = weight.type().bits() / Byte.SIZE;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      boolean[] mask = kept[axis];
      if (mask != null) {
        bytes = cut(bytes, inner, mask);
        sizes[axis] = count(mask);
      }
      inner *= (int) sizes[axis];
    }
    return Weight.of(weight.name(), weight.type(), Shape.of(sizes), OnnxContent.of(bytes));
  }

  /** Leaves out pieces of so many bytes, over and over as the mask says. */
  private static byte[] cut(byte[] bytes, int piece, boolean[] mask) {
    byte[] result = new byte[bytes.length / mask.length * count(mask)];
    int next = 0;
    for (int i = 0; i * piece < bytes.length; i++) {
      if (mask[i % mask.length]) {
        System.arraycopy(bytes, i * piece, result, next, piece);
        next += piece;
      }
    }
    return result;
  }

  private void rewrite(Node node) {
    switch (node.domain().isEmpty() ? node.operator() : "") {
      case "Conv" -> groups(node, node.input(0));
      case "ConvTranspose" -> groups(node, node.output());
      case "Split" -> split(node);
      case "Reshape", "Expand" -> shape(node);
      default -> {
        // speaks of no size
      }
    }
  }

  /** Where each group has one channel, there are fewer groups; else they are narrower. */
  private void groups(Node node, String shared) {
    long groups = node.integer("group", 1);
    if (groups > 1 && classes.size(shared, 1) == groups && left(shared, 1) != groups) {
      node.attribute(Attribute.of("group", left(shared, 1)));
    }
  }

  private void split(Node node) {
    int rank = classes.rank(node.input(0));
    int axis = (int) node.integer("axis", 0);
    int along = axis < 0 ? axis + rank : axis;
    if (left(node.input(0), along) == classes.size(node.input(0), along)) {
      return;
    }
    long[] sizes = node.outputs().stream().mapToLong(output -> left(output, along)).toArray();
    node.removeAttribute("num_outputs");
    if (model.opset() < 13) {
      node.attribute(Attribute.ofLongs("split", sizes));
    } else {
      node.replaceInputs(List.of(node.input(0), list("sizes", node, sizes)));
    }
  }

  private String list(String what, Node node, long[] values) {
    String name = graph.freshName(node.output() + "_" + what);
    graph.put(Weight.ofLongs(name, Shape.of(values.length), values));
    return name;
  }

  /**
   * Sizes in the wanted shape become those after the cut; where they are computed, they are set.
   */
  private void shape(Node node) {
    List<OptionalLong> wanted = types.shapeValues(node.input(1));
    if (wanted.size() != classes.rank(node.output())) {
      return;
    }
    long[] sizes = new long[wanted.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = size(node, i, wanted.get(i).orElse(-1));
    }
    if (graph.weight(node.input(1)).isPresent()) {
      boolean same =
          Arrays.equals(sizes, wanted.stream().mapToLong(OptionalLong::orElseThrow).toArray());
      if (!same) {
        node.replaceInput(1, list("shape", node, sizes));
      }
    } else {
      node.replaceInput(1, computed(node, sizes, wanted));
    }
  }

  private long size(Node node, int axis, long old) {
    boolean copied = old == 0 && node.is("Reshape");
    boolean moved = copied && left(node.input(0), axis) != left(node.output(), axis);
    long now = old > 1 || moved ? left(node.output(), axis) : old;
    return now < 0 ? old : now;
  }

  /** A computed shape may take a size from wherever one changes, so all that are known are set. */
  private String computed(Node node, long[] sizes, List<OptionalLong> wanted) {
    Node maker = makers.get(node.input(1));
    if (maker == null || !maker.is("Concat") || maker.inputs().size() != sizes.length) {
      return chosen(node, sizes, wanted);
    }
    List<String> parts = new ArrayList<>(maker.inputs());
    for (int i = 0; i < sizes.length; i++) {
      boolean constant = graph.weight(parts.get(i)).isPresent();
      boolean known = wanted.get(i).isPresent();
      if (known && (!constant || sizes[i] != wanted.get(i).getAsLong())) {
        parts.set(i, list("size", node, new long[] {sizes[i]}));
      }
    }
    if (parts.equals(maker.inputs())) {
      return node.input(1);
    }
    String result = graph.freshName(node.output() + "_shape");
    graph.nodes().add(Node.of("Concat", result, parts, List.of(result), Attribute.of("axis", 0L)));
    return result;
  }

  private String chosen(Node node, long[] sizes, List<OptionalLong> wanted) {
    byte[] condition = new byte[sizes.length];
    for (int i = 0; i < condition.length; i++) {
      condition[i] = (byte) (wanted.get(i).isPresent() ? 1 : 0);
    }
    String known = graph.freshName(node.output() + "_known");
    Shape shape = Shape.of(sizes.length);
    graph.put(Weight.of(known, OnnxElementType.BOOL, shape, OnnxContent.of(condition)));
    String result = graph.freshName(node.output() + "_shape");
    List<String> inputs = List.of(known, list("sizes", node, sizes), node.input(1));
    graph.nodes().add(Node.of("Where", result, inputs, List.of(result)));
    return result;
  }

  private static int count(boolean[] mask) {
    int count = 0;
    for (boolean bit : mask) {
      count += bit ? 1 : 0;
    }
    return count;
  }
}
