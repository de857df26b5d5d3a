package io.vivace.optimize.prune;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.calibrate.ActivationReader;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.prune.ChannelClasses.Axis;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How much each channel of a group matters. */
final class ChannelScores {
  /** What one number of a tensor adds to the score of its channel. */
  @FunctionalInterface
  private interface Part {
    double of(int element);
  }

  private final ModelGraph model;
  private final Graph graph;
  private final ChannelGroups found;

  ChannelScores(ModelGraph model, ChannelGroups found) {
    this.model = model;
    this.graph = model.graph();
    this.found = found;
  }

  /**
   * The norm of all weights that go with a channel: those that make it, and those that take it.
   *
   * @param power 1 or 2
   */
  double[] norm(ChannelGroup group, int power) {
    double[] sums = new double[group.size()];
    for (Axis axis : group.axes()) {
      if (isLayer(axis)) {
        float[] weights = weight(axis).floats();
        add(group, axis, weight(axis).shape(), sums, i -> finite(axis, i, weights[i], power));
      }
    }
    for (int i = 0; i < sums.length && power == 2; i++) {
      sums[i] = Math.sqrt(sums[i]);
    }
    return sums;
  }

  private static double finite(Axis axis, int i, float weight, int power) {
    if (Float.isNaN(weight)) {
      throw new GraphException(
          "element %d of weight \"%s\" is NaN, so its channel cannot be weighed"
              .formatted(i, axis.tensor()));
    }
    return power == 1 ? Math.abs(weight) : (double) weight * weight;
  }

  /** The factors of the batch normalizations over the channels; null if there is none. */
  double @Nullable [] batchNormScale(ChannelGroup group) {
    double[] sums = new double[group.size()];
    boolean any = false;
    for (Node node : graph.nodes()) {
      for (Axis axis : group.axes()) {
        if (node.is("BatchNormalization") && node.input(1).equals(axis.tensor())) {
          float[] scales = weight(axis).floats();
          add(group, axis, weight(axis).shape(), sums, i -> finite(axis, i, scales[i], 1));
          any = true;
        }
      }
    }
    return any ? sums : null;
  }

  /** {@code |sum of weight * gradient|} of each slice, added up; null without any gradient. */
  double @Nullable [] taylor(ChannelGroup group, Map<String, float[]> gradients) {
    double[] sums = new double[group.size()];
    boolean any = false;
    for (Axis axis : group.axes()) {
      float[] gradient = gradients.get(axis.tensor());
      if (gradient != null && graph.weight(axis.tensor()).isPresent()) {
        float[] weights = weight(axis).floats();
        if (gradient.length != weights.length) {
          throw new GraphException(
              "the gradient of %s must have %d elements, but has %d"
                  .formatted(weight(axis), weights.length, gradient.length));
        }
        double[] slice = new double[group.size()];
        add(group, axis, weight(axis).shape(), slice, i -> (double) weights[i] * gradient[i]);
        for (int i = 0; i < sums.length; i++) {
          sums[i] += Math.abs(slice[i]);
        }
        any = true;
      }
    }
    return any ? sums : null;
  }

  /** The mean magnitude of what the layers behind take of each channel, over samples. */
  Map<ChannelGroup, double[]> activation(
      List<ChannelGroup> groups, Iterable<Map<String, Tensor>> samples, PassContext context) {
    Map<String, List<ChannelGroup>> values = new HashMap<>();
    Set<String> order = new LinkedHashSet<>();
    for (ChannelGroup group : groups) {
      for (Axis axis : group.axes()) {
        if (isTaken(axis)) {
          order.add(axis.tensor());
          values.computeIfAbsent(axis.tensor(), name -> new ArrayList<>()).add(group);
        }
      }
    }
    double[] none = new double[0];
    Map<ChannelGroup, double[]> sums = new LinkedHashMap<>();
    groups.forEach(group -> sums.put(group, new double[group.size()]));
    try (ActivationReader reader = ActivationReader.open(model, order, context)) {
      reader.read(
          samples,
          activations ->
              activations.forEach(
                  (name, tensor) ->
                      values
                          .getOrDefault(name, List.of())
                          .forEach(
                              group -> add(group, name, tensor, sums.getOrDefault(group, none)))));
    }
    return sums;
  }

  private void add(ChannelGroup group, String name, Tensor tensor, double[] sums) {
    float[] values = tensor.toFloats();
    for (Axis axis : group.axes()) {
      if (axis.tensor().equals(name)) {
        double each = (double) axis.size() / Math.max(1, values.length);
        add(group, axis, tensor.shape(), sums, i -> Math.abs(values[i]) * each);
      }
    }
  }

  /** A computed value that a product with a weight takes along this axis. */
  private boolean isTaken(Axis axis) {
    if (graph.weight(axis.tensor()).isPresent()) {
      return false;
    }
    for (Node node : graph.nodes()) {
      boolean product =
          node.is("Conv") || node.is("ConvTranspose") || node.is("Gemm") || node.is("MatMul");
      if (product
          && node.input(0).equals(axis.tensor())
          && graph.weight(node.input(1)).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private boolean isLayer(Axis axis) {
    boolean role =
        found.couplings().produced().contains(axis) || found.couplings().consumed().contains(axis);
    return role && weight(axis).type() == OnnxElementType.FLOAT;
  }

  private Weight weight(Axis axis) {
    return graph.weight(axis.tensor()).orElseThrow();
  }

  private void add(ChannelGroup group, Axis axis, Shape shape, double[] sums, Part part) {
    int[] channels = channels(group, axis);
    int inner = 1;
    for (int i = axis.index() + 1; i < shape.rank(); i++) {
      inner *= (int) shape.dimension(i);
    }
    long elements = shape.elements();
    for (int i = 0; i < elements; i++) {
      int channel = channels[i / inner % channels.length];
      if (channel >= 0) {
        sums[channel] += part.of(i);
      }
    }
  }

  /** Which channel of the group each position of an axis belongs to; -1 for others. */
  private int[] channels(ChannelGroup group, Axis axis) {
    int[] channels = new int[axis.size()];
    for (int i = 0; i < channels.length; i++) {
      int at = Arrays.binarySearch(group.roots(), found.classes().find(axis.first() + i));
      channels[i] = at < 0 ? -1 : at;
    }
    return channels;
  }
}
