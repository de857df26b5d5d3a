package io.vivace.evaluate.metric;

import java.util.function.DoubleUnaryOperator;

/**
 * The metrics of regression, made for static import: {@code RMSE}, {@code R2.varianceWeighted()}.
 *
 * <p>All take row weights, and all but those that say otherwise one figure for each output, which
 * {@link RegressionMetric} averages. NaN where nothing was seen, or nothing weighs anything.
 * Formulas, edge cases and every deviation from scikit-learn: {@code METRICS.md} of this module.
 */
public final class RegressionMetrics {
  private static final double EPSILON = Math.ulp(1.0);

  /** The mean squared error, from 0 upwards. */
  public static final RegressionMetric MSE =
      RegressionMetric.loss("mse", RegressionMetrics::square, DoubleUnaryOperator.identity());

  /** The root of the mean squared error; of several outputs the mean of their roots. */
  public static final RegressionMetric RMSE =
      RegressionMetric.loss("rmse", RegressionMetrics::square, Math::sqrt);

  /** The mean absolute error. */
  public static final RegressionMetric MAE =
      RegressionMetric.loss("mae", (y, p) -> Math.abs(y - p), DoubleUnaryOperator.identity());

  /**
   * The mean absolute error over the truth, {@code |y - p| / max(|y|, 2.2e-16)}, a fraction. Huge
   * where a truth is 0.
   */
  public static final RegressionMetric MAPE =
      RegressionMetric.loss(
          "mape",
          (y, p) -> Math.abs(y - p) / Math.max(Math.abs(y), EPSILON),
          DoubleUnaryOperator.identity());

  /**
   * The symmetric relative error {@code 2 |y - p| / (|y| + |p|)}, a fraction in [0, 2]; 0 where
   * both are 0. Source: Makridakis 1993, as in the M4 competition.
   */
  public static final RegressionMetric SMAPE =
      RegressionMetric.loss(
          "smape",
          (y, p) -> y == p ? 0 : 2 * (Math.abs(y - p) / (Math.abs(y) + Math.abs(p))),
          DoubleUnaryOperator.identity());

  /** The mean squared error of {@code log(1 + x)}; refuses numbers of at most -1. */
  public static final RegressionMetric MSLE =
      RegressionMetric.loss("msle", logarithmic(), DoubleUnaryOperator.identity());

  /** The root of {@link #MSLE}; of several outputs the mean of their roots. */
  public static final RegressionMetric RMSLE =
      RegressionMetric.loss("rmsle", logarithmic(), Math::sqrt);

  /**
   * The median absolute error; weighted, by the averaged inverted distribution function. Keeps all
   * rows.
   */
  public static final RegressionMetric MEDIAN_AE =
      RegressionMetric.loss("median ae", () -> new KeptRows(RegressionMetrics::medianError));

  /** The largest absolute error among the rows that weigh anything. */
  public static final RegressionMetric MAX_ERROR =
      RegressionMetric.loss("max error", LargestErrors::new);

  /**
   * The coefficient of determination, {@code 1 - sum (y-p)^2 / sum (y - mean y)^2}, at most 1.
   * Where the truth is constant, 1 if every prediction is right and else 0; NaN below two rows.
   */
  public static final RegressionMetric R2 =
      RegressionMetric.score("r2", () -> new Determination(false, true));

  /**
   * {@link #R2} as the formula gives it where the truth is constant: NaN if every prediction is
   * right, else minus infinity.
   */
  public static final RegressionMetric R2_UNBOUNDED =
      RegressionMetric.score("r2 unbounded", () -> new Determination(false, false));

  /** As {@link #R2}, but forgives a constant error: {@code 1 - var(y-p) / var(y)}. */
  public static final RegressionMetric EXPLAINED_VARIANCE =
      RegressionMetric.score("explained variance", () -> new Determination(true, true));

  /**
   * The share of the absolute deviation from the median that predictions explain, {@code 1 - MAE /
   * MAE of the median}, at most 1. Keeps all rows. Edge cases as {@link #R2}.
   */
  public static final RegressionMetric D2_ABSOLUTE_ERROR = d2("d2 absolute error", 0.5);

  /** Pearson's correlation of truth and prediction, in [-1, 1]; NaN where one is constant. */
  public static final RegressionMetric PEARSON =
      RegressionMetric.correlation("pearson", Correlation::pearson);

  /**
   * Spearman's correlation, of the ranks of truth and prediction, ties averaged; in [-1, 1], NaN
   * where one is constant. Keeps all rows; takes whole weights only, as that many equal rows.
   */
  public static final RegressionMetric SPEARMAN =
      RegressionMetric.correlation("spearman", Correlation::spearman);

  private RegressionMetrics() {}

  /**
   * Returns the pinball loss of a quantile: {@code d = y - p; alpha d} from 0 upwards, {@code
   * (alpha - 1) d} below. Source: Koenker and Bassett, "Regression quantiles", 1978.
   *
   * @param alpha the quantile, in [0, 1]; 0.5 gives half of {@link #MAE}
   * @return the metric
   * @throws IllegalArgumentException if alpha is out of range
   */
  public static RegressionMetric pinball(double alpha) {
    checkQuantile(alpha);
    return RegressionMetric.loss(
        "pinball " + alpha, (y, p) -> pinball(alpha, y - p), DoubleUnaryOperator.identity());
  }

  /**
   * Returns the share of the pinball loss of the best constant that predictions explain, at most 1.
   * Keeps all rows. Edge cases as {@link #R2}.
   *
   * @param alpha the quantile, in [0, 1]
   * @return the metric
   * @throws IllegalArgumentException if alpha is out of range
   */
  public static RegressionMetric d2Pinball(double alpha) {
    return d2("d2 pinball " + checkQuantile(alpha), alpha);
  }

  /**
   * Returns Huber's loss: {@code e^2 / 2} up to delta, {@code delta (|e| - delta / 2)} beyond.
   * Source: Huber, "Robust estimation of a location parameter", 1964.
   *
   * @param delta where the square turns into a line, above 0, finite
   * @return the metric
   * @throws IllegalArgumentException if delta is out of range
   */
  public static RegressionMetric huber(double delta) {
    Rows.check(
        delta > 0 && delta < Double.POSITIVE_INFINITY,
        "delta must be above 0 and finite, but was %s",
        delta);
    return RegressionMetric.loss(
        "huber " + delta,
        (y, p) -> {
          double error = Math.abs(y - p);
          return error <= delta ? error * error / 2 : delta * (error - delta / 2);
        },
        DoubleUnaryOperator.identity());
  }

  private static RegressionMetric d2(String name, double alpha) {
    return RegressionMetric.score(
        name, () -> new KeptRows((y, p, weights) -> explained(alpha, y, p, weights)));
  }

  private static double checkQuantile(double alpha) {
    Rows.check(alpha >= 0 && alpha <= 1, "alpha must be in [0, 1], but was %s", alpha);
    return alpha;
  }

  private static PointLoss logarithmic() {
    return PointLoss.above(
        -1,
        (y, p) -> {
          double error = Math.log1p(y) - Math.log1p(p);
          return error * error;
        });
  }

  private static double square(double truth, double prediction) {
    return (truth - prediction) * (truth - prediction);
  }

  private static double pinball(double alpha, double error) {
    return error >= 0 ? alpha * error : (alpha - 1) * error;
  }

  private static double medianError(double[] truth, double[] prediction, double[] weights) {
    double[] errors = new double[truth.length];
    for (int i = 0; i < errors.length; i++) {
      errors[i] = Math.abs(truth[i] - prediction[i]);
    }
    return WeightedQuantile.of(errors, weights, 0.5);
  }

  private static double explained(
      double alpha, double[] truth, double[] prediction, double[] weights) {
    double constant = WeightedQuantile.of(truth, weights, alpha);
    if (truth.length < 2 || Double.isNaN(constant)) {
      return Double.NaN;
    }
    ExactSum loss = new ExactSum();
    ExactSum reference = new ExactSum();
    for (int i = 0; i < truth.length; i++) {
      loss.addProduct(pinball(alpha, truth[i] - prediction[i]), weights[i]);
      reference.addProduct(pinball(alpha, truth[i] - constant), weights[i]);
    }
    double total = reference.value();
    return total == 0 ? (loss.value() == 0 ? 1 : 0) : 1 - loss.value() / total;
  }
}
