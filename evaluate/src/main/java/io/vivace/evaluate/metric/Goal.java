package io.vivace.evaluate.metric;

/** Which values of a metric are better. */
public enum Goal {
  /** Higher is better. */
  MAXIMIZE,
  /** Lower is better. */
  MINIMIZE;

  /**
   * Tells whether a value is strictly better than another.
   *
   * @param value a value
   * @param other what to compare it with
   * @return true if it is better; a number is better than NaN, and NaN never is
   */
  public boolean isBetter(double value, double other) {
    if (Double.isNaN(value) || Double.isNaN(other)) {
      return !Double.isNaN(value);
    }
    return this == MAXIMIZE ? value > other : value < other;
  }
}
