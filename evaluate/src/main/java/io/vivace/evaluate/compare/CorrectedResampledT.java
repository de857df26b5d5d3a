package io.vivace.evaluate.compare;

import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The corrected resampled t-test of Nadeau and Bengio: two models over the J runs of a
 * cross-validation, plain or repeated, or of repeated random splits. Training sets overlap, so the
 * plain paired t-test takes the runs for more independent than they are and rejects far too often.
 *
 * <pre>{@code t = mean(d) / sqrt((1/J + n_test/n_train) * var(d)),  J - 1 degrees of freedom}</pre>
 *
 * <p>Where all differences are 0, t is 0 and p is 1; where all are the same other number, t is
 * infinite and p is 0 (two-sided). Source: Nadeau and Bengio, "Inference for the generalization
 * error", 2003; Bouckaert and Frank 2004 for repeated cross-validation.
 */
public final class CorrectedResampledT {
  private final double[] differences;
  private final double testToTrain;

  /**
   * Takes the runs.
   *
   * @param differences first minus second, for each run, at least 2, finite; copied
   * @param testToTrain examples tested over examples trained on, above 0; k folds give 1 / (k - 1)
   * @throws IllegalArgumentException if there are fewer than 2 differences, one is not finite, or
   *     the ratio is not above 0 and finite
   */
  public CorrectedResampledT(double[] differences, double testToTrain) {
    if (!(testToTrain > 0 && testToTrain < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "testToTrain must be above 0 and finite, but was " + testToTrain);
    }
    this.differences = Samples.finite(differences, 2, "differences").clone();
    this.testToTrain = testToTrain;
  }

  /**
   * Compares the scores of two models over the runs of a cross-validation.
   *
   * @param first the first model's score in each run
   * @param second the second's in the same run
   * @param folds the number of folds of one repetition, at least 2
   * @return the test
   * @throws IllegalArgumentException if the lengths differ, there are fewer than 2 runs, a score is
   *     not finite, or there are fewer than 2 folds
   */
  public static CorrectedResampledT ofFolds(double[] first, double[] second, int folds) {
    if (folds < 2) {
      throw new IllegalArgumentException("folds must be at least 2, but was " + folds);
    }
    return new CorrectedResampledT(Samples.differences(first, second), 1.0 / (folds - 1));
  }

  /**
   * Returns the differences.
   *
   * @return a copy
   */
  public double[] differences() {
    return differences.clone();
  }

  /**
   * Returns the ratio of examples tested to examples trained on.
   *
   * @return above 0
   */
  public double testToTrain() {
    return testToTrain;
  }

  /**
   * Makes the two-sided test.
   *
   * @return the result
   */
  public TestResult test() {
    return test(Alternative.TWO_SIDED);
  }

  /**
   * Makes the test.
   *
   * @param alternative what to look for
   * @return the result
   */
  public TestResult test(Alternative alternative) {
    double t = StudentT.statistic(mean(), error());
    return new TestResult(
        "corrected resampled t", t, StudentT.pValue(t, differences.length - 1, alternative));
  }

  double mean() {
    return Samples.mean(differences);
  }

  /** The corrected standard error of the mean difference. */
  double error() {
    return Math.sqrt((1.0 / differences.length + testToTrain) * Samples.variance(differences));
  }

  /** Half the width of the interval. */
  double margin(double level) {
    double tail = (1 - Samples.level(level, "level")) / 2;
    return TDistribution.of(differences.length - 1).inverseSurvivalProbability(tail) * error();
  }

  @Override
  public String toString() {
    return "CorrectedResampledT[runs=%d, testToTrain=%s]"
        .formatted(differences.length, testToTrain);
  }
}
