package io.vivace.evaluate.report;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One line of a chart: points in the order in which they are joined, and the band in which each
 * value may lie. Immutable. A point with a value that is not finite is left out, and the line is
 * interrupted there.
 */
public final class Series {
  private final String name;
  private final double[] x;
  private final double[] y;
  private final double @Nullable [] lower;
  private final double @Nullable [] upper;

  private Series(
      String name, double[] x, double[] y, double @Nullable [] lower, double @Nullable [] upper) {
    this.name = Objects.requireNonNull(name, "name");
    this.x = x;
    this.y = y;
    this.lower = lower;
    this.upper = upper;
  }

  /**
   * Makes a line.
   *
   * @param name what the legend calls it
   * @param x where the points are, copied
   * @param y what their values are, copied
   * @return the line, without a band
   * @throws IllegalArgumentException if the lengths differ
   */
  public static Series of(String name, double[] x, double[] y) {
    requireLength("y", y, x.length);
    return new Series(name, x.clone(), y.clone(), null, null);
  }

  /**
   * Adds the band in which each value may lie.
   *
   * @param lower the lower ends, copied
   * @param upper the upper ends, copied
   * @return a changed copy
   * @throws IllegalArgumentException if the lengths differ from that of the line
   */
  public Series band(double[] lower, double[] upper) {
    requireLength("lower", lower, x.length);
    requireLength("upper", upper, x.length);
    return new Series(name, x, y, lower.clone(), upper.clone());
  }

  private static void requireLength(String what, double[] values, int length) {
    if (values.length != length) {
      throw new IllegalArgumentException(
          String.format(
              "%s must have %d values, as x has, but has %d", what, length, values.length));
    }
  }

  String name() {
    return name;
  }

  double[] x() {
    return x;
  }

  double[] y() {
    return y;
  }

  double @Nullable [] lower() {
    return lower;
  }

  double @Nullable [] upper() {
    return upper;
  }
}
