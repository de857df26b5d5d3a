package io.vivace.optimize.prune;

import java.util.List;

/**
 * What structural pruning does, or would do, to a model.
 *
 * @param groups the channels that were weighed, also those of which none goes
 * @param refusals the layers that cannot lose output channels, with the reason
 */
public record StructuralPlan(List<Group> groups, List<Refused> refusals) {
  /**
   * Channels that are weighed against each other: the outputs of one layer, or of several that a
   * sum ties together.
   *
   * @param weights the weights that make the channels
   * @param before how many channels there were: neurons, filters or attention heads
   * @param after how many stay, at least 1
   * @param width how many outputs of the weights one channel takes: 1, or the width of a head
   */
  public record Group(List<String> weights, int before, int after, int width) {
    /**
     * Copies the list.
     *
     * @param weights the weights that make the channels
     * @param before how many channels there were
     * @param after how many stay
     * @param width how many outputs of the weights one channel takes
     */
    public Group {
      weights = List.copyOf(weights);
    }
  }

  /**
   * A layer whose output channels stay.
   *
   * @param weight the weight that makes them
   * @param place the node, input or output that needs them
   * @param reason what it needs them for
   */
  public record Refused(String weight, String place, String reason) {
    @Override
    public String toString() {
      return "\"" + weight + "\" because of " + place + ": " + reason;
    }
  }

  /**
   * Copies the lists.
   *
   * @param groups the channels that were weighed
   * @param refusals the layers that cannot lose output channels
   */
  public StructuralPlan {
    groups = List.copyOf(groups);
    refusals = List.copyOf(refusals);
  }
}
