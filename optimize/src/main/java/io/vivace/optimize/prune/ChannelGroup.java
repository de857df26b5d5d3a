package io.vivace.optimize.prune;

import io.vivace.optimize.prune.ChannelClasses.Axis;
import java.util.List;

/** Channels that lie along the same axes, so that one can be weighed against the other. */
final class ChannelGroup {
  private final List<Axis> axes;
  private final int[] roots;
  private final List<String> weights;
  private final int span;

  /**
   * Makes a group.
   *
   * @param axes where the channels lie, in tensors that are weights or computed
   * @param roots the class of each channel, in their order along the axes
   * @param weights names of the layer weights that make the channels, at least one
   * @param span how many positions of a weight's axis one channel takes at least: 1, or the width
   *     of an attention head
   */
  ChannelGroup(List<Axis> axes, int[] roots, List<String> weights, int span) {
    this.axes = List.copyOf(axes);
    this.roots = roots;
    this.weights = List.copyOf(weights);
    this.span = span;
  }

  List<Axis> axes() {
    return axes;
  }

  /** In ascending order; not to be changed. */
  int[] roots() {
    return roots;
  }

  List<String> weights() {
    return weights;
  }

  int span() {
    return span;
  }

  int size() {
    return roots.length;
  }
}
