package io.vivace.evaluate.search;

import java.util.Arrays;

/** Values shifted and scaled to mean 0 and variance 1. */
final class Standardized {
  /** The changed values. */
  private final double[] values;

  /** The old mean. */
  private final double mean;

  /** The old standard deviation, of the population. */
  private final double deviation;

  Standardized(double[] values, double mean, double deviation) {
    this.values = values;
    this.mean = mean;
    this.deviation = deviation;
  }

  double[] values() {
    return values;
  }

  double mean() {
    return mean;
  }

  double deviation() {
    return deviation;
  }

  private static final double LEAST_DEVIATION = 1e-12;

  /** Infinite values count as the greatest or lowest finite one, NaN as the lowest. */
  static Standardized of(double[] raw) {
    double low = Arrays.stream(raw).filter(Double::isFinite).min().orElse(0);
    double high = Arrays.stream(raw).filter(Double::isFinite).max().orElse(0);
    double[] values =
        Arrays.stream(raw)
            .map(v -> Double.isNaN(v) ? low : Math.min(high, Math.max(low, v)))
            .toArray();
    double mean = Arrays.stream(values).average().orElse(0);
    double variance = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElse(0);
    double deviation = Math.max(LEAST_DEVIATION, Math.sqrt(variance));
    return new Standardized(
        Arrays.stream(values).map(v -> (v - mean) / deviation).toArray(), mean, deviation);
  }

  /** Where a raw value would be. */
  double of(double raw) {
    return (raw - mean) / deviation;
  }
}
