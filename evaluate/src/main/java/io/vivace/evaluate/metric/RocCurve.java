package io.vivace.evaluate.metric;

import java.util.Arrays;

/**
 * The ROC curve of two classes: false and true positive rate for each threshold, from the strictest
 * down. Immutable. The first point is (0, 0) with an infinite threshold; equal scores make one
 * point. A rate without rows is NaN.
 */
public final class RocCurve {
  private final double[] falsePositiveRates;
  private final double[] truePositiveRates;
  private final double[] thresholds;

  private RocCurve(double[] falsePositiveRates, double[] truePositiveRates, double[] thresholds) {
    this.falsePositiveRates = falsePositiveRates;
    this.truePositiveRates = truePositiveRates;
    this.thresholds = thresholds;
  }

  /**
   * Draws the curve, without the points inside straight lines.
   *
   * @param batch rows of two classes
   * @return the curve
   * @throws IllegalArgumentException if there are not two classes, or nothing weighs anything
   */
  public static RocCurve of(Scores batch) {
    return draw(batch, true);
  }

  /**
   * Draws the curve with a point for each distinct score.
   *
   * @param batch rows of two classes
   * @return the curve
   * @throws IllegalArgumentException if there are not two classes, or nothing weighs anything
   */
  public static RocCurve complete(Scores batch) {
    return draw(batch, false);
  }

  private static RocCurve draw(Scores batch, boolean cornersOnly) {
    Steps steps = CurveArea.twoClasses(batch);
    int[] kept = new int[steps.size];
    double[] found = new double[steps.size + 1];
    double[] wrong = new double[steps.size + 1];
    int points = 0;
    for (int i = 0; i < steps.size; i++) {
      found[i + 1] = found[i] + steps.positive[i];
      wrong[i + 1] = wrong[i] + steps.negative[i];
      boolean inside =
          cornersOnly
              && i > 0
              && i + 1 < steps.size
              && steps.positive[i] == steps.positive[i + 1]
              && steps.negative[i] == steps.negative[i + 1];
      if (!inside) {
        kept[points++] = i;
      }
    }
    double[][] columns = new double[3][points + 1];
    columns[2][0] = Double.POSITIVE_INFINITY;
    columns[0][0] = 0 / steps.negatives;
    columns[1][0] = 0 / steps.positives;
    for (int i = 0; i < points; i++) {
      columns[0][i + 1] = wrong[kept[i] + 1] / steps.negatives;
      columns[1][i + 1] = found[kept[i] + 1] / steps.positives;
      columns[2][i + 1] = steps.threshold[kept[i]];
    }
    return new RocCurve(columns[0], columns[1], columns[2]);
  }

  /**
   * Returns how many points there are.
   *
   * @return at least 2
   */
  public int size() {
    return thresholds.length;
  }

  /**
   * Returns the false positive rates, rising.
   *
   * @return a copy, each in [0, 1]
   */
  public double[] falsePositiveRates() {
    return falsePositiveRates.clone();
  }

  /**
   * Returns the true positive rates, rising.
   *
   * @return a copy, each in [0, 1]
   */
  public double[] truePositiveRates() {
    return truePositiveRates.clone();
  }

  /**
   * Returns the least scores of the positive class, falling.
   *
   * @return a copy; the first is infinite
   */
  public double[] thresholds() {
    return thresholds.clone();
  }

  /** Returns the rates and thresholds. */
  @Override
  public String toString() {
    return "false positive rates %s, true positive rates %s, thresholds %s"
        .formatted(
            Arrays.toString(falsePositiveRates),
            Arrays.toString(truePositiveRates),
            Arrays.toString(thresholds));
  }
}
