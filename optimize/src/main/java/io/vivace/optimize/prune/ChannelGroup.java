package io.vivace.optimize.prune;

import io.vivace.optimize.prune.ChannelClasses.Axis;
import java.util.List;

/**
 * Channels that lie along the same axes, so that one can be weighed against the other.
 *
 * @param axes where they lie, in tensors that are weights or computed
 * @param roots the class of each channel, in their order along the axes
 * @param weights names of the layer weights that make the channels, at least one
 * @param span how many positions of a weight's axis one channel takes at least: 1, or the width of
 *     an attention head
 */
record ChannelGroup(List<Axis> axes, int[] roots, List<String> weights, int span) {
  String name() {
    return weights.get(0);
  }

  int size() {
    return roots.length;
  }
}
