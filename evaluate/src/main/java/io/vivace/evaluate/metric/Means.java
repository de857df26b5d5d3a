package io.vivace.evaluate.metric;

import org.jspecify.annotations.Nullable;

/** Means over the figures of classes. */
final class Means {
  private Means() {}

  /**
   * The mean of the figures that are numbers; NaN if none is. If the weights add up to 0, they are
   * ignored.
   */
  static double withoutNaN(double[] figures, double @Nullable [] weights) {
    double sum = 0;
    double total = 0;
    for (int i = 0; i < figures.length; i++) {
      if (!Double.isNaN(figures[i])) {
        double weight = weights == null ? 1 : weights[i];
        sum += weight * figures[i];
        total += weight;
      }
    }
    return total == 0 && weights != null ? withoutNaN(figures, null) : sum / total;
  }
}
