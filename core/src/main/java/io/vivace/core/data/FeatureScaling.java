package io.vivace.core.data;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Scalings of features, each on its own: {@code (x - shift) / divisor}. Where a feature is constant
 * the divisor is 1, so that it becomes a constant and not NaN. Missing values (NaN) are left out
 * when fitting, and stay missing; a feature without any value, and an infinite one, are refused. A
 * constant feature, as every feature of one single example, becomes 0 in the training examples;
 * another value of it later is shifted only. For {@link #robust} a feature is constant if its
 * quartiles are equal, even if outliers differ.
 */
public final class FeatureScaling {
  private FeatureScaling() {}

  /**
   * Brings features to mean 0 and deviation 1: {@code (x - mean) / sqrt(mean((x - mean)^2))}, the
   * population's deviation.
   *
   * @return the preparation
   */
  public static FeaturePreparation standard() {
    return training -> fit(training, FeatureScaling::mean, FeatureScaling::deviation);
  }

  /**
   * Brings features from their smallest and largest value to 0 and 1. Later values may be outside.
   *
   * @return the preparation
   */
  public static FeaturePreparation minMax() {
    return training -> fit(training, sorted -> sorted[0], sorted -> last(sorted) - sorted[0]);
  }

  /**
   * Brings features to median 0 and a distance of 1 between the quartiles, which a few outliers do
   * not change. Quantiles are interpolated linearly.
   *
   * @return the preparation
   */
  public static FeaturePreparation robust() {
    return training ->
        fit(
            training,
            sorted -> Quantiles.of(sorted, 0.5),
            sorted -> Quantiles.of(sorted, 0.75) - Quantiles.of(sorted, 0.25));
  }

  /**
   * Brings all features together to mean 0 and deviation 1, with one mean and one deviation for all
   * of them: for features of one kind, as the pixels of an image, where the differences between
   * them are what a model is to see. A feature that hardly ever changes is not blown up, as by
   * {@link #standard}.
   *
   * @return the preparation
   */
  public static FeaturePreparation standardTogether() {
    return training -> {
      FeatureColumns columns = new FeatureColumns(training, true);
      double[] all =
          IntStream.range(0, columns.features())
              .mapToObj(columns::values)
              .flatMapToDouble(Arrays::stream)
              .toArray();
      if (all.length == 0) {
        throw new IllegalArgumentException("no feature has a value in any example");
      }
      double deviation = deviation(all);
      double[] shifts = new double[columns.features()];
      double[] divisors = new double[columns.features()];
      Arrays.fill(shifts, mean(all));
      Arrays.fill(divisors, deviation > 0 ? deviation : 1);
      return new AffineFeatures(shifts, divisors);
    };
  }

  private static FeatureTransform fit(
      Iterable<double[]> training,
      ToDoubleFunction<double[]> shift,
      ToDoubleFunction<double[]> divisor) {
    FeatureColumns columns = new FeatureColumns(training, true);
    double[] shifts = new double[columns.features()];
    double[] divisors = new double[columns.features()];
    for (int i = 0; i < shifts.length; i++) {
      double[] sorted = columns.sorted(i);
      if (sorted.length == 0) {
        throw new IllegalArgumentException(
            "feature " + i + " has no value in any example: drop it or impute a constant first");
      }
      shifts[i] = shift.applyAsDouble(sorted);
      double size = divisor.applyAsDouble(sorted);
      divisors[i] = size > 0 ? size : 1;
    }
    return new AffineFeatures(shifts, divisors);
  }

  private static double last(double[] sorted) {
    return sorted[sorted.length - 1];
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double deviation(double[] values) {
    double mean = mean(values);
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double deviation = Math.sqrt(squares / values.length);
    // What rounding leaves of a constant feature is no deviation.
    return deviation > 10 * Math.ulp(Math.abs(mean)) ? deviation : 0;
  }
}
