package io.vivace.core.data;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Replaces missing values, which are NaN, feature by feature, or leaves such examples out. A reader
 * leaves them out with {@link MissingValues#DROP_ROW}.
 */
public final class Imputation {
  private Imputation() {}

  /**
   * Leaves out the examples of which a feature is missing.
   *
   * @param examples the examples
   * @param <Y> the type of the labels
   * @return a view of those whose features are all there, in the same order; may be empty
   */
  public static <Y> Dataset<double[], Y> drop(Dataset<double[], Y> examples) {
    List<double[]> inputs = examples.inputs();
    return examples.select(
        IntStream.range(0, examples.size())
            .filter(i -> Arrays.stream(inputs.get(i)).noneMatch(Double::isNaN))
            .toArray());
  }

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
