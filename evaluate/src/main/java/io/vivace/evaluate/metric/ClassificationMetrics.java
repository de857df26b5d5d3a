package io.vivace.evaluate.metric;

import java.util.function.ToDoubleFunction;

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

  /** The mean recall of the classes that are true somewhere, in [0, 1]. */
  public static final Metric<Labels> BALANCED_ACCURACY =
      ofCounts("balanced accuracy", 0, CountFormulas::balancedAccuracy);

  /**
   * Balanced accuracy between chance and 1: {@code (b - 1/C) / (1 - 1/C)} with C classes that are
   * true somewhere, in [-1, 1]; NaN if C is 1.
   */
  public static final Metric<Labels> ADJUSTED_BALANCED_ACCURACY =
      ofCounts("adjusted balanced accuracy", -1, CountFormulas::adjustedBalancedAccuracy);

  /**
   * The Matthews correlation of truth and prediction, in [-1, 1]; 0 where truth or prediction has
   * one class alone. Source for many classes: Gorodkin, "Comparing two K-category assignments by a
   * K-category correlation coefficient", 2004.
   */
  public static final Metric<Labels> MATTHEWS_CORRELATION =
      ofCounts("mcc", -1, CountFormulas::matthews);

  /** Cohen's kappa: the agreement beyond chance. */
  public static final CohenKappa COHEN_KAPPA = CohenKappa.DEFAULT;

  /** The share of rows whose class was not predicted, in [0, 1]. */
  public static final Metric<Labels> HAMMING_LOSS =
      RowMean.metric(
          "hamming loss",
          Goal.MINIMIZE,
          0,
          1,
          Labels.class,
          (batch, row) -> batch.truth[row] == batch.prediction[row] ? 0 : 1);

  /**
   * The mean negative natural logarithm of the probability of the true class, at least 0.
   * Probabilities are kept within [e, 1 - e], where e is the distance from 1 to the next number:
   * 2.2e-16, or 1.2e-7 if they came in single precision.
   */
  public static final Metric<Scores> LOG_LOSS =
      RowMean.metric(
          "log loss", Goal.MINIMIZE, 0, Double.POSITIVE_INFINITY, Scores.class, new LogLoss());

  /** The mean squared distance of probabilities from the truth. */
  public static final BrierScore BRIER = BrierScore.DEFAULT;

  /**
   * The area under the ROC curve: the chance that a positive row scores above a negative one, a tie
   * counting half.
   */
  public static final CurveArea ROC_AUC = CurveArea.of(CurveArea.Kind.ROC_AUC);

  /** The area under the ROC curve in bounded memory, with proven bounds. */
  public static final BoundedAuc BOUNDED_ROC_AUC = BoundedAuc.DEFAULT;

  /** Average precision: {@code sum (R_n - R_(n-1)) P_n}, the steps under precision and recall. */
  public static final CurveArea AVERAGE_PRECISION = CurveArea.of(CurveArea.Kind.AVERAGE_PRECISION);

  /** The trapezoids under precision and recall; optimistic, as points are not joined by lines. */
  public static final CurveArea PR_AUC_TRAPEZOID = CurveArea.of(CurveArea.Kind.PR_AUC_TRAPEZOID);

  /**
   * The area under precision and recall with false positives interpolated between points. Source:
   * Davis and Goadrich, "The relationship between precision-recall and ROC curves", 2006, as an
   * integral.
   */
  public static final CurveArea PR_AUC_INTERPOLATED =
      CurveArea.of(CurveArea.Kind.PR_AUC_INTERPOLATED);

  /** The expected calibration error, with its other forms. */
  public static final CalibrationError ECE = CalibrationError.DEFAULT;

  /** The share of rows whose set of labels was predicted exactly, in [0, 1]. */
  public static final Metric<MultiLabels> SUBSET_ACCURACY =
      RowMean.metric(
          "subset accuracy", Goal.MAXIMIZE, 0, 1, MultiLabels.class, RowDifference::isNone);

  /** The share of labels that are wrong, in [0, 1]. */
  public static final Metric<MultiLabels> MULTI_LABEL_HAMMING_LOSS =
      RowMean.metric(
          "multi-label hamming loss", Goal.MINIMIZE, 0, 1, MultiLabels.class, RowDifference::share);

  /**
   * The mean over a row's true labels of the share of true ones among the labels that score as
   * high, in (0, 1]. Source: Tsoumakas et al., "Mining multi-label data", 2010, as the next two.
   */
  public static final Metric<MultiLabelScores> LABEL_RANKING_AVERAGE_PRECISION =
      RowMean.metric(
          "label ranking average precision",
          Goal.MAXIMIZE,
          0,
          1,
          MultiLabelScores.class,
          LabelRanking::averagePrecision);

  /** How many labels must be taken, best first, to have all true ones; at least 0. */
  public static final Metric<MultiLabelScores> COVERAGE_ERROR =
      RowMean.metric(
          "coverage error",
          Goal.MINIMIZE,
          0,
          Double.POSITIVE_INFINITY,
          MultiLabelScores.class,
          LabelRanking::coverage);

  /** The share of pairs of a true and another label in which the true one is not above. */
  public static final Metric<MultiLabelScores> LABEL_RANKING_LOSS =
      RowMean.metric(
          "label ranking loss", Goal.MINIMIZE, 0, 1, MultiLabelScores.class, LabelRanking::loss);

  private ClassificationMetrics() {}

  private static Metric<Labels> ofCounts(
      String name, double lowest, ToDoubleFunction<LabelCounts> formula) {
    return Metric.of(name, Goal.MAXIMIZE, lowest, 1, Labels.class, LabelCounts::new, formula);
  }

  /**
   * Returns the share of rows whose true class is among the k classes with the highest scores.
   *
   * @param k how many classes, at least 1
   * @return the metric, in [0, 1]
   * @throws IllegalArgumentException if {@code k} is below 1
   */
  public static TopKAccuracy topKAccuracy(int k) {
    return new TopKAccuracy(k, TieBreak.HIGHEST_INDEX);
  }

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
