package io.vivace.evaluate;

import io.vivace.evaluate.metric.Interval;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The values of one metric over the folds of a cross-validation. A fold that failed, or in which
 * the metric is undefined, is NaN: it is left out of mean and deviation, and counted. Immutable.
 */
public final class FoldScores {
  private static final String METHOD = "corrected resampled t";

  private final double[] values;
  private final double testToTraining;

  FoldScores(double[] values, double testToTraining) {
    this.values = values.clone();
    this.testToTraining = testToTraining;
  }

  /**
   * Returns the value of each fold.
   *
   * @return a copy, in the order of the folds; NaN where it is undefined
   */
  public double[] values() {
    return values.clone();
  }

  /**
   * Returns how many folds there are.
   *
   * @return at least 1
   */
  public int folds() {
    return values.length;
  }

  /**
   * Returns in how many folds the metric is defined.
   *
   * @return from 0 to {@link #folds()}
   */
  public int defined() {
    return (int) finite().count();
  }

  /**
   * Returns the mean over the folds in which the metric is defined.
   *
   * @return the mean; NaN if it is defined in none
   */
  public double mean() {
    return finite().average().orElse(Double.NaN);
  }

  /**
   * Returns the standard deviation of the values over the folds (of the population: divided by
   * their number). It says how much folds differ, not how sure the mean is.
   *
   * @return at least 0; NaN if the metric is defined in no fold
   */
  public double standardDeviation() {
    double mean = mean();
    return Math.sqrt(finite().map(v -> (v - mean) * (v - mean)).average().orElse(Double.NaN));
  }

  /**
   * Returns where the mean lies that other samples would give. Folds share training examples, so
   * the variance is corrected:
   *
   * <pre>{@code mean +- t(J - 1) * sqrt((1/J + n_test/n_training) * variance)}</pre>
   *
   * <p>Source: Nadeau and Bengio, "Inference for the generalization error", Machine Learning 52
   * (2003).
   *
   * @param level such as 0.95
   * @return the interval; undefined if the metric is defined in fewer than 2 folds
   * @throws IllegalArgumentException if the level is not above 0 and below 1
   */
  public Interval interval(double level) {
    int count = defined();
    if (count < 2) {
      return Interval.undefined(level, METHOD);
    }
    double mean = mean();
    double variance = finite().map(v -> (v - mean) * (v - mean)).sum() / (count - 1);
    double error = Math.sqrt((1.0 / count + testToTraining) * variance);
    double margin = TDistribution.of(count - 1).inverseSurvivalProbability((1 - level) / 2) * error;
    return new Interval(mean - margin, mean + margin, level, METHOD);
  }

  /** These minus others, fold by fold; NaN where one of them is. */
  FoldScores minus(FoldScores others) {
    double[] differences = new double[values.length];
    Arrays.setAll(differences, i -> values[i] - others.values[i]);
    return new FoldScores(differences, testToTraining);
  }

  double testToTraining() {
    return testToTraining;
  }

  double[] definedValues() {
    return finite().toArray();
  }

  private DoubleStream finite() {
    return Arrays.stream(values).filter(value -> !Double.isNaN(value));
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%.4f +- %.4f (%d of %d folds defined)",
        mean(),
        standardDeviation(),
        defined(),
        folds());
  }
}
