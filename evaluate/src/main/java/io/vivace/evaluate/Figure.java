package io.vivace.evaluate;

import io.vivace.evaluate.metric.Interval;
import java.util.Objects;

/**
 * A measured value and where the true one lies.
 *
 * @param value the value; NaN where it is undefined
 * @param interval the interval, undefined where there is none
 */
public record Figure(double value, Interval interval) {
  /** The confidence level where nothing else is said. */
  static final double LEVEL = 0.95;

  /**
   * Checks that nothing is null.
   *
   * @param value the value
   * @param interval the interval
   */
  public Figure {
    Objects.requireNonNull(interval, "interval");
  }

  /**
   * A figure that is known for certain, as the size of a file.
   *
   * @param value the value
   * @return a figure whose interval is the value alone
   */
  public static Figure exact(double value) {
    return Double.isNaN(value)
        ? new Figure(value, Interval.undefined(LEVEL, "exact"))
        : new Figure(value, new Interval(value, value, LEVEL, "exact"));
  }
}
