package io.vivace.evaluate.compare;

import io.vivace.evaluate.internal.Order;

/**
 * Adjusts the p-values of several tests made at once: an adjusted value at most alpha is
 * significant at alpha, for the family of tests.
 */
public enum Correction {
  /** As they are. */
  NONE,
  /** Family-wise error, any dependence: p times their number. */
  BONFERRONI,
  /** Family-wise error, any dependence, never weaker than Bonferroni. Source: Holm 1979. */
  HOLM,
  /** Family-wise error of independent or positively dependent tests. Source: Hochberg 1988. */
  HOCHBERG,
  /**
   * False discovery rate of independent or positively dependent tests. Source: Benjamini and
   * Hochberg 1995.
   */
  BENJAMINI_HOCHBERG,
  /** False discovery rate, any dependence. Source: Benjamini and Yekutieli 2001. */
  BENJAMINI_YEKUTIELI;

  /**
   * Adjusts p-values.
   *
   * @param pValues each in [0, 1]; may be empty
   * @return the adjusted values in the order of the given ones, each in [0, 1]
   * @throws IllegalArgumentException if one is NaN or out of range
   */
  public double[] adjust(double... pValues) {
    for (int i = 0; i < pValues.length; i++) {
      if (!(pValues[i] >= 0 && pValues[i] <= 1)) {
        throw new IllegalArgumentException(
            "p-values must be in [0, 1], but value %d was %s".formatted(i, pValues[i]));
      }
    }
    return this == HOLM ? stepDown(pValues) : stepUp(pValues);
  }

  private double[] stepDown(double[] pValues) {
    int[] order = Order.ascending(pValues);
    double[] adjusted = new double[pValues.length];
    double running = 0;
    for (int i = 0; i < order.length; i++) {
      running = Math.max(running, Math.min(1, pValues[order[i]] * (order.length - i)));
      adjusted[order[i]] = running;
    }
    return adjusted;
  }

  private double[] stepUp(double[] pValues) {
    int[] order = Order.ascending(pValues);
    double[] adjusted = new double[pValues.length];
    double harmonic = 0;
    for (int i = 1; i <= order.length; i++) {
      harmonic += 1.0 / i;
    }
    double running = 1;
    for (int i = order.length - 1; i >= 0; i--) {
      double value = Math.min(1, pValues[order[i]] * factor(i, order.length, harmonic));
      running = this == NONE || this == BONFERRONI ? value : Math.min(running, value);
      adjusted[order[i]] = running;
    }
    return adjusted;
  }

  private double factor(int rank, int count, double harmonic) {
    return switch (this) {
      case NONE -> 1;
      case BONFERRONI -> count;
      case HOLM, HOCHBERG -> count - rank;
      case BENJAMINI_HOCHBERG -> (double) count / (rank + 1);
      case BENJAMINI_YEKUTIELI -> count * harmonic / (rank + 1);
    };
  }
}
