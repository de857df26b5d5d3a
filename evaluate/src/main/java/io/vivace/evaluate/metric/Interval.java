package io.vivace.evaluate.metric;

import java.util.Objects;

/**
 * A confidence interval.
 *
 * @param lower the lower bound; may be minus infinity; NaN where there is none
 * @param upper the upper bound, at least {@code lower}; may be infinite; NaN where there is none
 * @param level how often such an interval holds the true value, in (0, 1), such as 0.95
 * @param method how it was made, such as {@code "Wilson"}
 */
public record Interval(double lower, double upper, double level, String method) {
  /** Checks the bounds. */
  public Interval {
    Objects.requireNonNull(method, "method");
    if (lower > upper || Double.isNaN(lower) != Double.isNaN(upper)) {
      throw new IllegalArgumentException(
          "lower must be at most upper, but were %s and %s".formatted(lower, upper));
    }
    checkLevel(level);
  }

  /**
   * An interval of a value that is not known at all.
   *
   * @param level the level asked for
   * @param method how it would have been made
   * @return bounds NaN
   */
  public static Interval undefined(double level, String method) {
    return new Interval(Double.NaN, Double.NaN, level, method);
  }

  /** Refuses levels out of (0, 1). */
  static double checkLevel(double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException(
          "level must be between 0 and 1, both exclusive, such as 0.95, but was " + level);
    }
    return level;
  }

  /**
   * Tells whether there is an interval.
   *
   * @return false where the bounds are NaN
   */
  public boolean isDefined() {
    return !Double.isNaN(lower);
  }

  /**
   * Tells whether a value is inside.
   *
   * @param value any number
   * @return true from {@code lower} to {@code upper}, both inclusive; false where there is no
   *     interval
   */
  public boolean contains(double value) {
    return value >= lower && value <= upper;
  }

  /**
   * Returns the distance between the bounds.
   *
   * @return at least 0, or NaN where there is no interval
   */
  public double width() {
    return lower == upper ? 0 : upper - lower;
  }
}
