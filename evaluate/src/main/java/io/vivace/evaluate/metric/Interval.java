package io.vivace.evaluate.metric;

import java.util.Objects;

/**
 * A confidence interval.
 *
 * @param lower the lower bound; may be minus infinity; NaN where there is none
 * @param upper the upper bound, at least {@code lower}; may be infinite; NaN where there is none
 * @param level how often such an interval holds the true value, in (0, 1), such as 0.95
 * @param method how it was made, such as {@code "Wilson"}
 */
public record Interval(double lower, double upper, double level, String method) {
  /**
   * Checks the bounds.
   *
   * @param lower the lower bound; may be minus infinity; NaN where there is none
   * @param upper the upper bound, at least {@code lower}; may be infinite; NaN where there is none
   * @param level how often such an interval holds the true value, in (0, 1), such as 0.95
   * @param method how it was made, such as {@code "Wilson"}
   */
  public Interval {
    Objects.requireNonNull(method, "method");
    if (lower > upper || Double.isNaN(lower) != Double.isNaN(upper)) {
      throw new IllegalArgumentException(
          "lower must be at most upper, but were %s and %s".formatted(lower, upper));
    }
    checkLevel(level);
  }

  /**
   * An interval of a value that is not known at all.
   *
   * @param level the level asked for
   * @param method how it would have been made
   * @return bounds NaN
   */
  public static Interval undefined(double level, String method) {
    return new Interval(Double.NaN, Double.NaN, level, method);
  }

  /**
   * Cuts off what a value cannot be.
   *
   * @param lowest the lowest value that can be
   * @param highest the highest, at least {@code lowest}
   * @return an interval inside these bounds; this one where there is none
   */
  public Interval within(double lowest, double highest) {
    return isDefined()
        ? new Interval(
            Math.min(highest, Math.max(lowest, lower)),
            Math.max(lowest, Math.min(highest, upper)),
            level,
            method)
        : this;
  }

  /** Refuses levels out of (0, 1). */
  static double checkLevel(double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException(
          "level must be between 0 and 1, both exclusive, such as 0.95, but was " + level);
    }
    return level;
  }

  /**
   * Tells whether there is an interval.
   *
   * @return false where the bounds are NaN
   */
  public boolean isDefined() {
    return !Double.isNaN(lower);
  }

  /**
   * Tells whether a value is inside.
   *
   * @param value any number
   * @return true from {@code lower} to {@code upper}, both inclusive; false where there is no
   *     interval
   */
  public boolean contains(double value) {
    return value >= lower && value <= upper;
  }

  /**
   * Returns the distance between the bounds.
   *
   * @return at least 0, or NaN where there is no interval
   */
  public double width() {
    return lower == upper ? 0 : upper - lower;
  }

  /**
   * Wilson's interval of a proportion. Source: Wilson, "Probable inference", 1927.
   *
   * @param successes at least 0
   * @param trials at least {@code successes}
   * @param level in (0, 1), such as 0.95
   * @return an interval within [0, 1]; without bounds where there were no trials
   * @throws IllegalArgumentException if a number is out of range
   */
  public static Interval wilson(long successes, long trials, double level) {
    return Analytic.wilson(successes, trials, checkLevel(level));
  }

  /**
   * The exact interval of a proportion, which never holds the true value less often than the level
   * says, and so is wider than need be. Source: Clopper and Pearson 1934.
   *
   * @param successes at least 0
   * @param trials at least {@code successes}
   * @param level in (0, 1), such as 0.95
   * @return an interval within [0, 1]; without bounds where there were no trials
   * @throws IllegalArgumentException if a number is out of range
   */
  public static Interval clopperPearson(long successes, long trials, double level) {
    return Analytic.clopperPearson(successes, trials, checkLevel(level));
  }

  /**
   * Student's interval of a mean.
   *
   * @param values finite
   * @param level in (0, 1), such as 0.95
   * @return the interval; without bounds where there are fewer than 2 values
   * @throws IllegalArgumentException if a value is not finite or the level out of range
   */
  public static Interval ofMean(double[] values, double level) {
    Rows.checkFinite("values", values);
    return Analytic.ofMean(values, checkLevel(level));
  }

  /**
   * The bootstrap-t interval of a mean, for values with a long tail, such as squared errors: it
   * leans to the side of the tail. 1,000 samples with a fixed seed; with fewer than 10 values, more
   * than 10,000, or all alike it is Student's. Source: Efron and Tibshirani, "An introduction to
   * the bootstrap", 1993, chapter 12. Where a tail is so long that the largest values are not among
   * those seen, no interval holds the mean often enough: of squared log-normal errors see {@code
   * STATISTICS.md} of this module.
   *
   * @param values finite
   * @param level in (0, 1), such as 0.95
   * @return the interval; without bounds where there are fewer than 2 values
   * @throws IllegalArgumentException if a value is not finite or the level out of range
   */
  public static Interval bootstrapT(double[] values, double level) {
    Rows.checkFinite("values", values);
    return BootstrapT.ofMean(values, checkLevel(level));
  }

  /**
   * DeLong's interval of the area under the ROC curve of two classes, made on the logit scale,
   * which keeps it within [0, 1] and holds the true value more nearly as often as the level says.
   * Where every positive scores above every negative, or below, the scale has no end: the bound
   * that matters is then that of the exact interval of a proportion over the smaller class. Source:
   * DeLong et al. 1988; Pepe, "The statistical evaluation of medical tests", 2003.
   *
   * @param batch rows of two classes, without weights
   * @param level in (0, 1), such as 0.95
   * @return an interval within [0, 1]; without bounds where a class has fewer than 2 rows
   * @throws IllegalArgumentException if there are not two classes, there are weights, or the level
   *     is out of range
   */
  public static Interval deLong(Scores batch, double level) {
    return Analytic.deLong(batch, checkLevel(level));
  }

  /**
   * The jackknife interval of any metric, also of those that compare rows with each other, where
   * copies of rows would mislead a bootstrap: the value and as many standard errors to both sides
   * as Student's t asks for, kept within the metric's range. Computes the metric without each row
   * in turn, or without 100 groups of rows where there are more. Not for medians and other order
   * statistics. Source: Tukey 1958.
   *
   * @param metric what to compute
   * @param batch the rows
   * @param level in (0, 1), such as 0.95
   * @param <B> the batches the metric sees
   * @return the interval; without bounds where there are fewer than 3 rows, or the metric is NaN
   *     with any group left out
   * @throws IllegalArgumentException if the batch does not suit the metric, or the level is out of
   *     range
   */
  public static <B extends Batch> Interval jackknife(Metric<B> metric, B batch, double level) {
    return Analytic.jackknife(metric, batch, checkLevel(level));
  }
}
