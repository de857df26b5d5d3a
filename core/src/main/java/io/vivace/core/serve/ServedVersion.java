package io.vivace.core.serve;

import java.time.Instant;

/**
 * One version of the model of a {@link SwappablePredictor}, as it was when it was asked for.
 *
 * @param number 1 for the first version, and one more with each swap and each rollback
 * @param source where the model came from, in words
 * @param since when it took over
 * @param state what it does
 */
public record ServedVersion(int number, String source, Instant since, State state) {
  /** What a version does. */
  public enum State {
    /** It takes requests. */
    CURRENT,
    /** Another version took over; this one finishes what it began. */
    DRAINING,
    /** It has finished, and its model is closed. */
    CLOSED
  }
}
