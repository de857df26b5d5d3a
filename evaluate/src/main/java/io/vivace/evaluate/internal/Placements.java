package io.vivace.evaluate.internal;

import java.util.Arrays;

/**
 * The placements of DeLong: for each positive the share of negatives below it, for each negative
 * the share of positives above it, ties by half. Both average to the AUC. By midranks, in O(n log
 * n). Source: DeLong, DeLong and Clarke-Pearson 1988; Sun and Xu, "Fast implementation of DeLong's
 * algorithm", 2014.
 */
public final class Placements {
  private final double[] ofPositives;
  private final double[] ofNegatives;

  private Placements(double[] ofPositives, double[] ofNegatives) {
    this.ofPositives = ofPositives;
    this.ofNegatives = ofNegatives;
  }

  /**
   * In the order of the positives.
   *
   * @return not copied
   */
  public double[] ofPositives() {
    return ofPositives;
  }

  /**
   * In the order of the negatives.
   *
   * @return not copied
   */
  public double[] ofNegatives() {
    return ofNegatives;
  }

  /**
   * Computes the placements.
   *
   * @param positive whether an example is positive
   * @param scores its score, no NaN
   * @return the placements; empty arrays where a class is missing
   */
  public static Placements of(boolean[] positive, double[] scores) {
    double[] all = Ranks.of(scores).values();
    double[] positives = split(positive, scores, true);
    double[] negatives = split(positive, scores, false);
    double[] amongPositives = Ranks.of(positives).values();
    double[] amongNegatives = Ranks.of(negatives).values();
    int p = 0;
    int n = 0;
    for (int i = 0; i < scores.length; i++) {
      if (positive[i]) {
        positives[p] = (all[i] - amongPositives[p]) / negatives.length;
        p++;
      } else {
        negatives[n] = 1 - (all[i] - amongNegatives[n]) / positives.length;
        n++;
      }
    }
    return new Placements(positives, negatives);
  }

  private static double[] split(boolean[] positive, double[] scores, boolean wanted) {
    double[] part = new double[scores.length];
    int size = 0;
    for (int i = 0; i < scores.length; i++) {
      if (positive[i] == wanted) {
        part[size++] = scores[i];
      }
    }
    return Arrays.copyOf(part, size);
  }

  /**
   * Returns the area under the ROC curve.
   *
   * @return the mean placement; NaN where a class is missing
   */
  public double auc() {
    return ofNegatives.length == 0 ? Double.NaN : mean(ofPositives);
  }

  /**
   * Returns the covariance of two AUCs on the same examples, or the variance of one with itself.
   *
   * @param other of the same examples
   * @return the covariance; NaN with fewer than 2 examples of a class
   */
  public double covariance(Placements other) {
    return covariance(ofPositives, other.ofPositives) / ofPositives.length
        + covariance(ofNegatives, other.ofNegatives) / ofNegatives.length;
  }

  private static double covariance(double[] a, double[] b) {
    if (a.length < 2) {
      return Double.NaN;
    }
    double meanA = mean(a);
    double meanB = mean(b);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - meanA) * (b[i] - meanB);
    }
    return sum / (a.length - 1);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }
}
