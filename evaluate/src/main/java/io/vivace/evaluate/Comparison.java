package io.vivace.evaluate;

import io.vivace.evaluate.metric.Interval;
import java.util.Objects;

/**
 * How two candidates compare by one metric.
 *
 * @param difference the value of the first minus that of the second, on the same examples or folds
 * @param interval where the true difference lies
 * @param test the test
 * @param pValue how likely at least such a difference is if there is none, in [0, 1]; corrected for
 *     the number of comparisons where it stands in a table; NaN where it is undefined
 * @param significance what it comes to
 */
public record Comparison(
    double difference, Interval interval, String test, double pValue, Significance significance) {
  /**
   * Checks that nothing is null.
   *
   * @param difference the value of the first minus that of the second
   * @param interval where the true difference lies
   * @param test the test
   * @param pValue in [0, 1] or NaN
   * @param significance what it comes to
   */
  public Comparison {
    Objects.requireNonNull(interval, "interval");
    Objects.requireNonNull(test, "test");
    Objects.requireNonNull(significance, "significance");
  }

  /** What a comparison comes to at the level of the table. */
  public enum Significance {
    /** The first is better. */
    BETTER,
    /** The first is worse. */
    WORSE,
    /** The data do not tell them apart, or the figure is undefined. */
    UNDECIDED
  }
}
