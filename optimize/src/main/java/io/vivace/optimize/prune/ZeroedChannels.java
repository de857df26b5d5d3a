package io.vivace.optimize.prune;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.prune.ChannelClasses.Axis;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds channels without which a model computes the same: the layers behind take nothing of them,
 * or what they hold is the same for every input and can go into the bias behind.
 */
final class ZeroedChannels {
  private final Graph graph;
  private final ChannelClasses classes;
  private final Couplings couplings;
  private final ChannelConstants constants;

  ZeroedChannels(ModelGraph model, ChannelGroups found) {
    this.graph = model.graph();
    this.classes = found.classes();
    this.couplings = found.couplings();
    this.constants = new ChannelConstants(graph, classes);
  }

  /** The classes of a group that can go; never all. */
  Set<Integer> of(ChannelGroup group) {
    Set<Integer> gone = new HashSet<>();
    Arrays.stream(group.roots()).forEach(gone::add);
    long tensors = group.axes().stream().map(Axis::tensor).distinct().count();
    boolean twice = tensors < group.axes().size();
    if (twice || group.axes().stream().anyMatch(couplings.contracted()::contains)) {
      return Set.of();
    }
    for (Node node : graph.nodes()) {
      for (int input = 0; input < Math.min(2, node.inputs().size()); input++) {
        for (Axis axis : classes.axes(node.input(input))) {
          if (axis != null && group.axes().contains(axis) && couplings.consumed().contains(axis)) {
            gone.removeAll(needed(node, axis, gone));
          }
        }
      }
    }
    if (gone.size() == group.size()) {
      gone.remove(group.roots()[0]);
    }
    return gone;
  }

  /** The classes of which a product takes something that no bias can stand for. */
  private Set<Integer> needed(Node node, Axis axis, Set<Integer> candidates) {
    boolean[] zero = zero(axis);
    double[] constant = foldable(node, axis);
    Set<Integer> needed = new HashSet<>();
    for (int i = 0; i < axis.size(); i++) {
      int root = classes.find(axis.first() + i);
      if (candidates.contains(root) && !zero[i] && Double.isNaN(constant[i])) {
        needed.add(root);
      }
    }
    return needed;
  }

  /** Which slices of a weight along an axis are all zero. */
  private boolean[] zero(Axis axis) {
    Weight weight = graph.weight(axis.tensor()).orElseThrow();
    boolean[] zero = new boolean[axis.size()];
    if (weight.type() != OnnxElementType.FLOAT) {
      return zero;
    }
    Arrays.fill(zero, true);
    float[] values = weight.floats();
    int inner = inner(weight.shape(), axis.index());
    for (int i = 0; i < values.length; i++) {
      zero[i / inner % zero.length] &= values[i] == 0;
    }
    return zero;
  }

  private static int inner(Shape shape, int axis) {
    int inner = 1;
    for (int i = axis + 1; i < shape.rank(); i++) {
      inner *= (int) shape.dimension(i);
    }
    return inner;
  }

  /** What a product takes along a weight's axis, where it is the same always; else NaN. */
  private double[] foldable(Node node, Axis axis) {
    double[] none = new double[axis.size()];
    Arrays.fill(none, Double.NaN);
    boolean right = node.input(1).equals(axis.tensor()) && !node.input(0).equals(axis.tensor());
    int data = node.is("MatMul") ? classes.rank(node.input(0)) - 1 : 1;
    boolean known =
        switch (node.operator()) {
          case "MatMul" -> axis.index() == 0 && classes.rank(axis.tensor()) == 2;
          case "Gemm" -> node.integer("transA", 0) == 0 && hasVectorBias(node);
          case "Conv" -> node.integer("group", 1) == 1 && hasVectorBias(node);
          default -> false;
        };
    if (!right
        || !known
        || graph.weight(axis.tensor()).orElseThrow().type() != OnnxElementType.FLOAT) {
      return none;
    }
    double[] found = constants.along(node.input(0), data);
    if (found.length != axis.size()) {
      return none;
    }
    for (int i = 0; i < found.length; i++) {
      // At the borders of a padded image the layer takes 0, whatever the channel holds.
      boolean same = found[i] == 0 || !node.is("Conv") || isUnpadded(node);
      none[i] = same ? found[i] : Double.NaN;
    }
    return none;
  }

  static boolean isUnpadded(Node node) {
    String automatic = node.attribute("auto_pad").map(Attribute::text).orElse("NOTSET");
    return automatic.equals("VALID")
        || (automatic.equals("NOTSET")
            && Arrays.stream(node.integers("pads")).allMatch(p -> p == 0));
  }

  private boolean hasVectorBias(Node node) {
    if (node.input(2).isEmpty()) {
      return true;
    }
    Optional<Weight> bias = graph.weight(node.input(2));
    long outputs = classes.size(node.output(), 1);
    return bias.isPresent()
        && bias.get().type() == OnnxElementType.FLOAT
        && bias.get().shape().elements() == outputs
        && bias.get().shape().dimension(bias.get().shape().rank() - 1) == outputs;
  }

  /** Adds what removed channels hold to the biases behind. Call before they are cut. */
  void fold(Set<Integer> removed) {
    for (Node node : new ArrayList<>(graph.nodes())) {
      if (node.inputs().size() > 1) {
        for (Axis axis : classes.axes(node.input(1))) {
          if (axis != null && couplings.consumed().contains(axis)) {
            fold(node, axis, removed);
          }
        }
      }
    }
  }

  private void fold(Node node, Axis axis, Set<Integer> removed) {
    double[] constant = foldable(node, axis);
    boolean any = false;
    for (int i = 0; i < constant.length; i++) {
      boolean counts = removed.contains(classes.find(axis.first() + i)) && constant[i] != 0;
      constant[i] = counts && !Double.isNaN(constant[i]) ? constant[i] : 0;
      any |= constant[i] != 0;
    }
    if (any) {
      Weight weight = graph.weight(axis.tensor()).orElseThrow();
      int outputs = axis.index() == 0 ? 1 : 0;
      add(node, product(weight, axis.index(), outputs, constant));
    }
  }

  private static double[] product(Weight weight, int inputs, int outputs, double[] constant) {
    float[] values = weight.floats();
    int perInput = inner(weight.shape(), inputs);
    int perOutput = inner(weight.shape(), outputs);
    int size = (int) weight.shape().dimension(outputs);
    double[] sums = new double[size];
    for (int i = 0; i < values.length; i++) {
      sums[i / perOutput % size] += values[i] * constant[i / perInput % constant.length];
    }
    return sums;
  }

  private void add(Node node, double[] sums) {
    float alpha = node.is("Gemm") ? node.number("alpha", 1) : 1;
    float beta = node.is("Gemm") ? node.number("beta", 1) : 1;
    float[] before = graph.weight(node.input(2)).map(Weight::floats).orElse(new float[sums.length]);
    float[] bias = new float[sums.length];
    for (int i = 0; i < bias.length; i++) {
      bias[i] = (float) (before[i] * (double) beta + alpha * sums[i]);
    }
    String name = graph.freshName(node.output() + "_bias");
    graph.put(Weight.ofFloats(name, Shape.of(bias.length), bias));
    if (node.is("MatMul")) {
      String product = graph.freshName(node.output() + "_product");
      List<String> inputs = List.of(product, name);
      graph.nodes().add(Node.of("Add", name, inputs, List.of(node.output())));
      node.replaceOutput(0, product);
      return;
    }
    node.replaceInputs(List.of(node.input(0), node.input(1), name));
    node.removeAttribute("beta");
  }
}
