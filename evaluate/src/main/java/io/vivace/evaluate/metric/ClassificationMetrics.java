package io.vivace.evaluate.metric;

/**
 * The metrics of classification, made for static import: {@code ACCURACY}, {@code F1.macro()}.
 *
 * <p>Formulas, edge cases and every deviation from scikit-learn: {@code METRICS.md} of this module.
 */
public final class ClassificationMetrics {
  /** The share of rows whose class was predicted, in [0, 1]; NaN if nothing weighs anything. */
  public static final Metric<Labels> ACCURACY =
      RowMean.metric(
          "accuracy",
          Goal.MAXIMIZE,
          0,
          1,
          Labels.class,
          (batch, row) -> batch.truth[row] == batch.prediction[row] ? 1 : 0);

  /** How many of the predictions of a class are right: {@code tp / (tp + fp)}, in [0, 1]. */
  public static final AveragedMetric<Labels> PRECISION = AveragedMetric.of(CountRatio.PRECISION);

  /** How many of a class are found: {@code tp / (tp + fn)}, in [0, 1]. */
  public static final AveragedMetric<Labels> RECALL = AveragedMetric.of(CountRatio.RECALL);

  /** The harmonic mean of precision and recall: {@code 2 tp / (2 tp + fp + fn)}, in [0, 1]. */
  public static final AveragedMetric<Labels> F1 = AveragedMetric.of(CountRatio.fBeta(1));

  /** The overlap of true and predicted: {@code tp / (tp + fp + fn)}, in [0, 1]. */
  public static final AveragedMetric<Labels> JACCARD = AveragedMetric.of(CountRatio.JACCARD);

  private ClassificationMetrics() {}

  /**
   * Returns the weighted harmonic mean of precision and recall: {@code (1 + b^2) tp / ((1 + b^2) tp
   * + b^2 fn + fp)}, in [0, 1]. Source: van Rijsbergen, "Information Retrieval", 1979.
   *
   * @param beta how much more recall counts than precision, at least 0; 0 gives precision, infinity
   *     recall
   * @return the metric
   * @throws IllegalArgumentException if {@code beta} is negative or NaN
   */
  public static AveragedMetric<Labels> fBeta(double beta) {
    return AveragedMetric.of(CountRatio.fBeta(beta));
  }
}
