package io.vivace.optimize;

import java.util.List;

/**
 * What a search under limits found.
 *
 * @param originalQuality the original's quality
 * @param originalLatencyNanos the original's median latency in nanoseconds; NaN if no limit asked
 *     for it
 * @param best the trial that was written: the smallest within all limits, among those that are
 *     equal to a thousandth the one of fewest non-zeros; or where there is none the one that misses
 *     them by least
 * @param isGoalMet whether it is within all limits
 * @param front the trials to which no other is at least as good in size, non-zeros, quality and
 *     measured latency, the smallest first
 * @param trials how many were made, those of a resumed journal included
 * @param limits what was asked for
 */
public record SearchResult(
    double originalQuality,
    double originalLatencyNanos,
    SearchTrial best,
    boolean isGoalMet,
    List<SearchTrial> front,
    int trials,
    String limits) {
  /**
   * Copies the list.
   *
   * @param originalQuality the original's quality
   * @param originalLatencyNanos the original's median latency
   * @param best the trial that was written
   * @param isGoalMet whether it is within all limits
   * @param front the trials to which no other is at least as good
   * @param trials how many were made
   * @param limits what was asked for
   */
  public SearchResult {
    front = List.copyOf(front);
  }
}
