package io.vivace.optimize;

import io.vivace.core.observe.LatencySummary;

/**
 * How long single runs of both models took, in turns, on one thread and on one sample.
 *
 * @param before the original
 * @param after the result
 */
public record LatencyComparison(LatencySummary before, LatencySummary after) {
  /** Nothing was measured. */
  public static final LatencyComparison NONE =
      new LatencyComparison(LatencySummary.EMPTY, LatencySummary.EMPTY);

  /**
   * Returns how many times faster the result is, by the medians.
   *
   * @return above 1 if it is faster; NaN if nothing was measured
   */
  public double speedUp() {
    return before.p50Nanos() / after.p50Nanos();
  }
}
