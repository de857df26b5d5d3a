package io.vivace.evaluate.latency;

import java.util.List;

/**
 * How long a model takes from nothing to the first answer.
 *
 * @param starts one per start; the first may load what later ones find loaded
 */
public record ColdStart(List<Start> starts) {
  /**
   * Copies the starts.
   *
   * @param starts at least one
   */
  public ColdStart {
    starts = List.copyOf(starts);
  }

  /**
   * One start.
   *
   * @param openNanos how long opening took, in nanoseconds
   * @param firstAnswerNanos how long the first answer took after that, in nanoseconds
   * @param residentBytes by how much the process's resident memory grew meanwhile; noisy, since the
   *     Java heap is part of it; NaN where the system does not tell (it does on Linux)
   */
  public record Start(long openNanos, long firstAnswerNanos, double residentBytes) {
    /**
     * Returns how long it took from nothing to the first answer.
     *
     * @return nanoseconds
     */
    public long totalNanos() {
      return openNanos + firstAnswerNanos;
    }
  }

  /**
   * Returns the first start, which comes nearest to a cold one.
   *
   * @return the start
   */
  public Start first() {
    return starts.get(0);
  }
}
