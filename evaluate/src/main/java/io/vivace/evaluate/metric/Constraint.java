package io.vivace.evaluate.metric;

import java.util.Locale;
import java.util.Objects;

/**
 * A bound on a figure. Immutable.
 *
 * @param column the figure
 * @param upper whether the bound is an upper one
 * @param bound what the figure may be at most, or must be at least
 */
public record Constraint(Column column, boolean upper, double bound) {
  /**
   * Checks the bound.
   *
   * @param column the figure
   * @param upper whether the bound is an upper one
   * @param bound finite
   * @throws IllegalArgumentException if the bound is not finite
   */
  public Constraint {
    Objects.requireNonNull(column, "column");
    if (!Double.isFinite(bound)) {
      throw new IllegalArgumentException(
          "the bound of " + column.name() + " must be finite, but was " + bound);
    }
  }

  /**
   * Tells whether a value keeps the bound.
   *
   * @param value any number
   * @return false for NaN
   */
  public boolean isKeptBy(double value) {
    return upper ? value <= bound : value >= bound;
  }

  /**
   * Returns the constraint in one line.
   *
   * @return for example {@code p99 latency <= 2.0E7 ns}
   */
  @Override
  public String toString() {
    String unit = column.unit().isEmpty() ? "" : " " + column.unit();
    return String.format(
        Locale.ROOT, "%s %s %s%s", column.name(), upper ? "<=" : ">=", bound, unit);
  }
}
