package io.vivace.core.data;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * Replaces missing values, which are NaN, feature by feature. To leave such examples out instead,
 * read with {@link MissingValues#DROP_ROW}.
 */
public final class Imputation {
  private Imputation() {}

  /**
   * Puts the mean of the training examples.
   *
   * @return the preparation; it refuses a feature without any value
   */
  public static FeaturePreparation mean() {
    return training -> fit(training, values -> Arrays.stream(values).average().orElseThrow());
  }

  /**
   * Puts the median of the training examples.
   *
   * @return the preparation; it refuses a feature without any value
   */
  public static FeaturePreparation median() {
    return training -> fit(training, values -> Quantiles.of(values, 0.5));
  }

  /**
   * Puts the same value everywhere.
   *
   * @param value the value, finite
   * @return the preparation; it also takes features without any value
   * @throws IllegalArgumentException if the value is not finite
   */
  public static FeaturePreparation constant(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("the value must be finite, but was " + value);
    }
    return training -> {
      double[] fill = new double[new FeatureColumns(training, true).features()];
      Arrays.fill(fill, value);
      return new ImputedFeatures(fill);
    };
  }

  private static FeatureTransform fit(
      Iterable<double[]> training, ToDoubleFunction<double[]> statistic) {
    FeatureColumns columns = new FeatureColumns(training, true);
    double[] fill = new double[columns.features()];
    for (int i = 0; i < fill.length; i++) {
      double[] sorted = columns.sorted(i);
      if (sorted.length == 0) {
        throw new IllegalArgumentException(
            "feature " + i + " has no value in any example: drop it or impute a constant");
      }
      fill[i] = statistic.applyAsDouble(sorted);
    }
    return new ImputedFeatures(fill);
  }
}
