package io.vivace.optimize.prune;

import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.TypeInference;
import io.vivace.optimize.graph.Uses;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.prune.ChannelClasses.Axis;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks through a graph and joins what each operator ties. What no rule speaks of stays: an axis of
 * an input or output that a rule did not touch is kept, with the node as the reason.
 */
final class Couplings {
  /** Element by element: every axis of the output is that of the inputs, stretched where it is 1. */
  private static final Set<String> ELEMENTWISE =
      Set.of(
          "Relu", "LeakyRelu", "Sigmoid", "Tanh", "Erf", "Sqrt", "Exp", "Log", "Abs", "Neg", "Clip",
          "HardSigmoid", "HardSwish", "Elu", "Selu", "Celu", "Softplus", "Softsign", "Gelu", "Mish",
          "Floor", "Ceil", "Round", "Sign", "Reciprocal", "Identity", "Dropout", "ThresholdedRelu",
          "PRelu", "Not", "Sin", "Cos", "Atan", "Swish", "Cast", "Add", "Sub", "Mul", "Div", "Pow",
          "Min", "Max", "Mean", "Sum", "Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual",
          "And", "Or", "Xor", "Where", "IsNaN", "IsInf");

  private static final Set<String> MICROSOFT = Set.of("Gelu", "FastGelu", "QuickGelu", "BiasGelu");

  private final Graph graph;
  private final TypeInference types;
  private final ChannelClasses classes;
  private final long opset;
  private final Set<Integer> touched = new HashSet<>();
  private final List<Node> reshapes = new ArrayList<>();

  /** Weight axes over which products sum: slices of them take what a channel gives. */
  private final Set<Axis> consumed = new HashSet<>();

  /** Weight axes that make channels. */
  private final Set<Axis> produced = new HashSet<>();

  /** Axes that two computed values are summed over. */
  private final Set<Axis> contracted = new HashSet<>();

  Couplings(Graph graph, TypeInference types, ChannelClasses classes, long opset) {
    this.graph = graph;
    this.types = types;
    this.classes = classes;
    this.opset = opset;
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

  void run() {
    graph.inputs().forEach(
        value -> classes.keep(value.name(), "input \"" + value.name() + "\"", "keeps its shape"));
    graph.outputs().forEach(
        value -> classes.keep(value.name(), "output \"" + value.name() + "\"", "keeps its shape"));
    for (Node node : graph.nodes()) {
      if (isReshape(node)) {
        reshapes.add(node);
      } else {
        couple(node);
      }
    }
    // Last: of the axes that one is made of, the one is followed that nothing else holds.
    reshapes.forEach(this::couple);
    new ShapeLeaks(graph, Uses.of(graph), classes, types).keep();
  }

  private static boolean isReshape(Node node) {
    return node.is("Reshape") || node.is("Flatten") || node.is("Squeeze") || node.is("Unsqueeze");
  }

  private void couple(Node node) {
    touched.clear();
    for (Graph body : node.graphs()) {
      Uses.captured(body)
          .forEach(name -> classes.keep(name, node.toString(), "a graph inside it takes the value"));
    }
    if (!node.is("Shape") && !node.is("Size")) {
      try {
        rule(node);
      } catch (IndexOutOfBoundsException e) {
        throw new GraphException(
            "node %s has not the inputs, or not of the shapes, that its operator takes"
                .formatted(node));
      }
      keepRest(node);
    }
  }

  private void keepRest(Node node) {
    Set<String> names = new LinkedHashSet<>(node.inputs());
    names.addAll(node.outputs());
    names.remove("");
    for (String name : names) {
      for (Axis axis : classes.axes(name)) {
        if (axis != null && !touched.contains(axis.number())) {
          classes.keep(axis, node, "its operator is not known to allow fewer along axis "
              + axis.index() + " of \"" + name + "\"");
        }
      }
    }
  }

  private void rule(Node node) {
    if (node.domain().equals("com.microsoft") && MICROSOFT.contains(node.operator())) {
      elementwise(node);
      return;
    }
    if (!node.domain().isEmpty()) {
      return;
    }
    if (ELEMENTWISE.contains(node.operator())) {
      elementwise(node);
      return;
    }
    switch (node.operator()) {
      case "Conv" -> convolution(node);
      case "ConvTranspose" -> transposedConvolution(node);
      case "Gemm" -> gemm(node);
      case "MatMul" -> matMul(node);
      case "BatchNormalization" -> batchNormalization(node);
      case "InstanceNormalization" -> instanceNormalization(node);
      case "MaxPool", "AveragePool", "LpPool", "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool" ->
          sameAxes(node, 0, 1);
      case "Softmax", "LogSoftmax", "Hardmax" -> softmax(node);
      case "LayerNormalization", "RMSNormalization" -> layerNormalization(node);
      case "Concat" -> concat(node);
      case "Split" -> split(node);
      case "Slice" -> slice(node);
      case "Transpose" -> transpose(node);
      case "Gather" -> gather(node);
      case "Pad" -> pad(node);
      case "Expand" -> stretch(node.input(0), node.output());
      case "Resize", "Upsample" -> resize(node);
      case "Reshape", "Flatten", "Squeeze", "Unsqueeze" -> reshape(node);
      default -> {
        if (node.operator().startsWith("Reduce")) {
          reduce(node);
        }
      }
    }
  }

  /** Joins two whole axes of the same size, position by position. */
  private void link(String a, int axisA, String b, int axisB) {
    if (a.isEmpty() || b.isEmpty()) {
      return;
    }
    Axis x = axis(a, axisA);
    Axis y = axis(b, axisB);
    if (x != null && y != null && x.size() == y.size()) {
      link(x, y, 0, 0, x.size());
    }
  }

  private void link(Axis x, Axis y, int fromX, int fromY, int size) {
    for (int i = 0; i < size; i++) {
      classes.join(x.first() + fromX + i, y.first() + fromY + i);
    }
    touch(x);
    touch(y);
  }

  private void touch(Axis axis) {
    touched.add(axis.number());
  }

  private @Nullable Axis axis(String tensor, int index) {
    Axis[] axes = classes.axes(tensor);
    int at = index < 0 ? index + axes.length : index;
    return at >= 0 && at < axes.length ? axes[at] : null;
  }

  private void elementwise(Node node) {
    for (String input : node.inputs()) {
      for (String output : node.outputs()) {
        if (!input.isEmpty() && !output.isEmpty()) {
          stretch(input, output);
        }
      }
    }
    keepUnknown(node, classes.rank(node.output()));
  }

  /** Where one input's size is not known, it may be the same as, or stretch to, that of others. */
  private void keepUnknown(Node node, int rank) {
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

  /** Each axis of the input is the same of the output, counted from the end; those of 1 stretch. */
  private void stretch(String input, String output) {
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

  private void sameAxes(Node node, int... indices) {
    for (int index : indices) {
      link(node.input(0), index, node.output(), index);
    }
  }

  private void convolution(Node node) {
    int groups = (int) node.integer("group", 1);
    String x = node.input(0);
    String w = node.input(1);
    String y = node.output();
    link(w, 0, y, 1);
    link(node.input(2), 0, y, 1);
    link(x, 0, y, 0);
    role(w, 0, produced);
    if (groups == 1) {
      link(x, 1, w, 1);
      role(w, 1, consumed);
    } else {
      groups(axis(x, 1), axis(w, 1), axis(y, 1), groups);
      role(w, 1, consumed);
    }
  }

  private void transposedConvolution(Node node) {
    int groups = (int) node.integer("group", 1);
    String x = node.input(0);
    String w = node.input(1);
    String y = node.output();
    link(x, 1, w, 0);
    link(node.input(2), 0, y, 1);
    link(x, 0, y, 0);
    role(w, 0, consumed);
    if (groups == 1) {
      link(w, 1, y, 1);
      role(w, 1, produced);
    } else {
      groups(axis(y, 1), axis(w, 1), axis(x, 1), groups);
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
    touch(shared);
    touch(other);
    if (inside > 1) {
      touch(inner);
    }
  }

  private void role(String weight, int axis, Set<Axis> roles) {
    Axis found = axis(weight, axis);
    if (found != null && graph.weight(weight).isPresent()) {
      roles.add(found);
    }
  }

  private void gemm(Node node) {
    boolean transA = node.integer("transA", 0) != 0;
    boolean transB = node.integer("transB", 0) != 0;
    String a = node.input(0);
    String b = node.input(1);
    product(a, transA ? 0 : 1, b, transB ? 1 : 0);
    link(a, transA ? 1 : 0, node.output(), 0);
    link(b, transB ? 0 : 1, node.output(), 1);
    role(b, transB ? 0 : 1, produced);
    role(a, transA ? 1 : 0, produced);
    if (!node.input(2).isEmpty()) {
      stretch(node.input(2), node.output());
    }
  }

  private void product(String a, int axisA, String b, int axisB) {
    link(a, axisA, b, axisB);
    role(a, axisA, consumed);
    role(b, axisB, consumed);
    Axis sum = axis(a, axisA);
    if (sum != null && graph.weight(a).isEmpty() && graph.weight(b).isEmpty()) {
      contracted.add(sum);
    }
  }

  private void matMul(Node node) {
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
      link(a, rankA - 2, y, rankB > 1 ? rank - 2 : rank - 1);
      role(a, rankA - 2, produced);
    }
    if (rankB > 1) {
      link(b, rankB - 1, y, rank - 1);
      role(b, rankB - 1, produced);
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
        Axis output = axis(node.output(), rank - i);
        if (i <= own && classes.size(node.input(input), own - i) < 0 && output != null) {
          classes.keep(output, node, "the size of an input along the axis is not known");
        }
      }
    }
  }

  private void batch(String input, int axis, String output, int at) {
    if (axis >= 0) {
      link(input, axis, output, at);
      Axis own = axis(input, axis);
      if (own != null && own.size() == 1) {
        touch(own);
      }
    }
  }

  private void batchNormalization(Node node) {
    if (node.integer("training_mode", 0) != 0) {
      return;
    }
    sameAllAxes(node);
    for (int i = 1; i <= 4; i++) {
      link(node.input(i), 0, node.output(), 1);
    }
  }

  private void instanceNormalization(Node node) {
    sameAxes(node, 0, 1);
    link(node.input(1), 0, node.output(), 1);
    link(node.input(2), 0, node.output(), 1);
  }

  private void sameAllAxes(Node node) {
    for (int i = 0; i < classes.rank(node.input(0)); i++) {
      sameAxes(node, i);
    }
  }

  private void softmax(Node node) {
    int rank = classes.rank(node.input(0));
    long axis = node.integer("axis", opset < 13 ? 1 : -1);
    long from = axis < 0 ? axis + rank : axis;
    for (int i = 0; i < rank; i++) {
      if (i < from || (opset >= 13 && i > from)) {
        sameAxes(node, i);
      }
    }
    keepAxis(node, (int) from, "it normalizes over the axis: with fewer values all others change");
  }

  private void layerNormalization(Node node) {
    int rank = classes.rank(node.input(0));
    long axis = node.integer("axis", -1);
    int from = (int) (axis < 0 ? axis + rank : axis);
    for (int i = 0; i < from; i++) {
      sameAxes(node, i);
    }
    for (int i = Math.max(0, from); i < rank; i++) {
      keepAxis(node, i, "it normalizes over the axis: with fewer values all others change");
    }
  }

  private void keepAxis(Node node, int index, String reason) {
    Axis axis = axis(node.input(0), index);
    if (axis != null) {
      classes.keep(axis, node, reason);
    }
  }

  private void concat(Node node) {
    int rank = classes.rank(node.output());
    int axis = (int) node.integer("axis", 0);
    int along = axis < 0 ? axis + rank : axis;
    Axis whole = axis(node.output(), along);
    int offset = 0;
    for (String input : node.inputs()) {
      for (int i = 0; i < rank; i++) {
        Axis part = axis(input, i);
        if (i == along && part != null && whole != null) {
          link(part, whole, 0, offset, part.size());
          offset += part.size();
        } else if (i != along) {
          link(input, i, node.output(), i);
        }
      }
    }
    for (String input : node.inputs()) {
      for (int i = 0; i < rank; i++) {
        Axis output = axis(node.output(), i);
        if (classes.size(input, i) < 0 && output != null) {
          classes.keep(output, node, "the size of \"" + input + "\" along the axis is not known");
        }
      }
    }
  }

  private void split(Node node) {
    int rank = classes.rank(node.input(0));
    int axis = (int) node.integer("axis", 0);
    int along = axis < 0 ? axis + rank : axis;
    Axis whole = axis(node.input(0), along);
    boolean constant = node.input(1).isEmpty() || graph.weight(node.input(1)).isPresent();
    int offset = 0;
    for (String output : node.outputs()) {
      for (int i = 0; i < rank; i++) {
        Axis part = output.isEmpty() ? null : axis(output, i);
        if (i == along && part != null && whole != null && constant) {
          link(part, whole, 0, offset, Math.min(part.size(), whole.size() - offset));
          offset += part.size();
        } else if (i != along && part != null) {
          link(node.input(0), i, output, i);
        }
      }
    }
    if (whole != null && offset != whole.size()) {
      classes.keep(whole, node, "the sizes of its parts are not known");
    }
  }

  /** Axes of which nothing is cut off. */
  private void slice(Node node) {
    for (int i = 0; i < classes.rank(node.input(0)); i++) {
      if (isWhole(node, i)) {
        sameAxes(node, i);
      }
    }
  }

  private boolean isWhole(Node node, int axis) {
    List<Long> axes = list(node, 3, "axes");
    List<Long> starts = list(node, 1, "starts");
    if (axes.isEmpty() && node.input(3).isEmpty()) {
      return !starts.isEmpty() && axis >= starts.size();
    }
    int rank = classes.rank(node.input(0));
    return !axes.isEmpty() && axes.stream().noneMatch(cut -> (cut < 0 ? cut + rank : cut) == axis);
  }

  private List<Long> list(Node node, int input, String attribute) {
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

  private void transpose(Node node) {
    int rank = classes.rank(node.input(0));
    long[] order = node.integers("perm");
    for (int i = 0; i < rank; i++) {
      link(node.input(0), order.length == 0 ? rank - 1 - i : (int) order[i], node.output(), i);
    }
  }

  /** The picked axis stays; others are the output's. */
  private void gather(Node node) {
    int rank = classes.rank(node.input(0));
    int indices = classes.rank(node.input(1));
    int axis = (int) node.integer("axis", 0);
    int along = axis < 0 ? axis + rank : axis;
    if (indices < 0) {
      return;
    }
    for (int i = 0; i < rank; i++) {
      if (i != along) {
        link(node.input(0), i, node.output(), i < along ? i : i + indices - 1);
        role(node.input(0), i, produced);
      }
    }
    for (int i = 0; i < indices; i++) {
      link(node.input(1), i, node.output(), along + i);
    }
  }

  private void pad(Node node) {
    int rank = classes.rank(node.input(0));
    List<Long> pads = list(node, 1, "pads");
    for (int i = 0; i < rank && pads.size() == 2 * rank && node.input(3).isEmpty(); i++) {
      if (pads.get(i) == 0 && pads.get(i + rank) == 0) {
        sameAxes(node, i);
      }
    }
  }

  /** By scales, the axes that keep their size are free; sizes as numbers would need to change. */
  private void resize(Node node) {
    if (node.is("Resize") && !node.input(3).isEmpty()) {
      return;
    }
    for (int i = 0; i < 2; i++) {
      sameAxes(node, i);
    }
  }

  private void reduce(Node node) {
    int rank = classes.rank(node.input(0));
    List<Long> axes = list(node, 1, "axes");
    boolean keeps = node.integer("keepdims", 1) != 0;
    if (rank < 0 || axes.isEmpty()) {
      return;
    }
    int out = 0;
    for (int i = 0; i < rank; i++) {
      int at = i;
      if (axes.stream().anyMatch(axis -> (axis < 0 ? axis + rank : axis) == at)) {
        keepAxis(node, i, "it reduces the axis to one value, which fewer values change");
        out += keeps ? 1 : 0;
      } else {
        link(node.input(0), i, node.output(), out++);
      }
    }
  }

  private void reshape(Node node) {
    for (ReshapeGroup group : ReshapeGroup.of(classes, node.input(0), node.output())) {
      group.couple(classes).forEach(this::touch);
    }
  }
}
