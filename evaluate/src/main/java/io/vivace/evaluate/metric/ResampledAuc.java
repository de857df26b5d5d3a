package io.vivace.evaluate.metric;

import java.util.Arrays;

/**
 * The area under the ROC curve of many samples of the same rows, as a bootstrap draws them: sorts
 * the scores once, then each sample costs one pass. Immutable and thread-safe.
 */
public final class ResampledAuc {
  /** The rows from the highest score down, shifted left, with the lowest bit for class 1. */
  private final int[] order;

  /** Whether the score of a sorted row is lower than that of the one before. */
  private final boolean[] lower;

  private final boolean hasTies;

  private ResampledAuc(int[] order, boolean[] lower) {
    this.order = order;
    this.lower = lower;
    boolean ties = false;
    for (int i = 1; i < lower.length; i++) {
      ties |= !lower[i];
    }
    this.hasTies = ties;
  }

  /**
   * Sorts the rows.
   *
   * @param batch rows of two classes, without weights
   * @return what computes areas of samples
   * @throws IllegalArgumentException if there are not two classes, there are weights, or more than
   *     2^30 rows
   */
  public static ResampledAuc of(Scores batch) {
    Rows.check(batch.classes == 2, "this area needs 2 classes, but there are %d", batch.classes);
    Rows.check(batch.weights == null, "rows that are drawn by chance must have no weights");
    int size = batch.size();
    Rows.check(size <= 1 << 30, "there may be at most 2^30 rows, but were %,d", size);
    long[] keys = new long[size];
    Arrays.setAll(keys, row -> SortKeys.descending(batch.positive(row)));
    int[] order = SortKeys.order(keys);
    boolean[] lower = new boolean[size];
    for (int i = 1; i < size; i++) {
      lower[i] = keys[order[i]] != keys[order[i - 1]];
    }
    for (int i = 0; i < size; i++) {
      order[i] = order[i] << 1 | batch.truth[order[i]];
    }
    return new ResampledAuc(order, lower);
  }

  /**
   * Returns how many rows there are.
   *
   * @return at least 1
   */
  public int size() {
    return order.length;
  }

  /**
   * Computes the area of a sample.
   *
   * @param times how often each row is in the sample, at least 0
   * @return the area, in [0, 1]; NaN where the sample has one class alone
   * @throws IllegalArgumentException if there is not one number for each row
   */
  public double of(int[] times) {
    Rows.checkLength("times", times.length, order.length, "the batch has rows");
    return hasTies ? tied(times) : untied(times);
  }

  /** Without branches: the class of a row chooses by masks. */
  private double untied(int[] times) {
    long positives = 0;
    long negatives = 0;
    long above = 0;
    for (int code : order) {
      int count = times[code >> 1];
      int isPositive = -(code & 1);
      positives += count & isPositive;
      int negative = count & ~isPositive;
      negatives += negative;
      above += negative * positives;
    }
    return (double) above / ((double) positives * negatives);
  }

  private double tied(int[] times) {
    long positives = 0;
    long negatives = 0;
    long twiceAbove = 0;
    long before = 0;
    long together = 0;
    for (int i = 0; i < order.length; i++) {
      if (lower[i]) {
        twiceAbove += together * (before + positives);
        before = positives;
        together = 0;
      }
      int count = times[order[i] >> 1];
      int isPositive = -(order[i] & 1);
      positives += count & isPositive;
      together += count & ~isPositive;
      negatives += count & ~isPositive;
    }
    twiceAbove += together * (before + positives);
    return (double) twiceAbove / (2.0 * positives * negatives);
  }
}
