package io.vivace.core.data;

/** Quantiles with linear interpolation (type 7 of Hyndman and Fan, 1996). */
final class Quantiles {
  private Quantiles() {}

  /**
   * Returns a quantile.
   *
   * @param sorted values from small to large, at least one
   * @param share from 0 to 1
   */
  static double of(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
