package io.vivace.evaluate.metric;

import java.util.Arrays;

/**
 * Precision and recall of two classes for each threshold, from the laxest up. Immutable. There is
 * one point more than thresholds: the last is (precision 1, recall 0). Without positive rows recall
 * is 1 at every threshold.
 */
public final class PrecisionRecallCurve {
  private final double[] precisions;
  private final double[] recalls;
  private final double[] thresholds;

  private PrecisionRecallCurve(double[] precisions, double[] recalls, double[] thresholds) {
    this.precisions = precisions;
    this.recalls = recalls;
    this.thresholds = thresholds;
  }

  /**
   * Draws the curve.
   *
   * @param batch rows of two classes
   * @return the curve
   * @throws IllegalArgumentException if there are not two classes, or nothing weighs anything
   */
  public static PrecisionRecallCurve of(Scores batch) {
    Steps steps = CurveArea.twoClasses(batch);
    int size = steps.size;
    double[] precisions = new double[size + 1];
    double[] recalls = new double[size + 1];
    double[] thresholds = new double[size];
    precisions[size] = 1;
    double found = 0;
    double seen = 0;
    for (int i = 0; i < size; i++) {
      found += steps.positive[i];
      seen += steps.positive[i] + steps.negative[i];
      int at = size - 1 - i;
      precisions[at] = found / seen;
      recalls[at] = steps.positives == 0 ? 1 : found / steps.positives;
      thresholds[at] = steps.threshold[i];
    }
    return new PrecisionRecallCurve(precisions, recalls, thresholds);
  }

  /**
   * Returns how many points there are.
   *
   * @return one more than thresholds
   */
  public int size() {
    return precisions.length;
  }

  /**
   * Returns the precisions.
   *
   * @return a copy, each in [0, 1]; the last is 1
   */
  public double[] precisions() {
    return precisions.clone();
  }

  /**
   * Returns the recalls, falling.
   *
   * @return a copy, each in [0, 1]; the last is 0
   */
  public double[] recalls() {
    return recalls.clone();
  }

  /**
   * Returns the least scores of the positive class, rising.
   *
   * @return a copy, one fewer than points
   */
  public double[] thresholds() {
    return thresholds.clone();
  }

  /** Returns precisions, recalls and thresholds. */
  @Override
  public String toString() {
    return "precisions %s, recalls %s, thresholds %s"
        .formatted(
            Arrays.toString(precisions), Arrays.toString(recalls), Arrays.toString(thresholds));
  }
}
