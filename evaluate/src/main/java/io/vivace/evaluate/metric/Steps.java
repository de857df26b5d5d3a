package io.vivace.evaluate.metric;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The distinct scores of a two-class problem from the highest down, with what weighs at each: all
 * that ROC and precision-recall curves and their areas need. Rows that weigh nothing are left out.
 * Does not depend on the order of the rows.
 */
final class Steps {
  final int size;
  final double[] threshold;

  /** The weight of the positive rows at each threshold; not cumulative. */
  final double[] positive;

  final double[] negative;
  final double positives;
  final double negatives;

  private Steps(int size, double[] threshold, double[] positive, double[] negative) {
    this.size = size;
    this.threshold = threshold;
    this.positive = positive;
    this.negative = negative;
    this.positives = sum(positive, size);
    this.negatives = sum(negative, size);
  }

  private static double sum(double[] values, int size) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += values[i];
    }
    return sum;
  }

  static Steps of(boolean[] truth, double[] scores, double @Nullable [] weights) {
    return weights == null ? counted(truth, scores) : weighed(truth, scores, weights);
  }

  /** Sorts the two classes apart, then merges them. */
  private static Steps counted(boolean[] truth, double[] scores) {
    int ones = 0;
    for (boolean isPositive : truth) {
      ones += isPositive ? 1 : 0;
    }
    long[][] keys = {new long[truth.length - ones], new long[ones]};
    int[] next = new int[2];
    for (int row = 0; row < truth.length; row++) {
      int side = truth[row] ? 1 : 0;
      keys[side][next[side]++] = SortKeys.descending(scores[row]);
    }
    return merged(SortKeys.sorted(keys[1]), SortKeys.sorted(keys[0]));
  }

  /** Without branches that depend on which class is next, as that is hard to foresee. */
  private static Steps merged(long[] ones, long[] zeros) {
    int most = ones.length + zeros.length;
    double[] threshold = new double[most];
    double[] positive = new double[most];
    double[] negative = new double[most];
    long last = Long.MAX_VALUE; // no finite score has this key
    int size = 0;
    int i = 0;
    int j = 0;
    while (i < ones.length && j < zeros.length) {
      long one = ones[i];
      long zero = zeros[j];
      long key = Math.min(one, zero);
      int isOne = one == key ? 1 : 0;
      int isZero = zero == key ? 1 : 0;
      if (key != last) {
        threshold[size++] = SortKeys.score(key);
        last = key;
      }
      positive[size - 1] += isOne;
      negative[size - 1] += isZero;
      i += isOne;
      j += isZero;
    }
    long[] rest = i < ones.length ? ones : zeros;
    double[] counts = i < ones.length ? positive : negative;
    for (int k = i < ones.length ? i : j; k < rest.length; k++) {
      if (rest[k] != last) {
        last = rest[k];
        threshold[size++] = SortKeys.score(last);
      }
      counts[size - 1]++;
    }
    return new Steps(size, threshold, positive, negative);
  }

  private static Steps weighed(boolean[] truth, double[] scores, double[] weights) {
    long[] keys = new long[truth.length];
    Arrays.setAll(keys, row -> SortKeys.descending(scores[row]));
    int[] order = SortKeys.order(keys);
    double[] threshold = new double[order.length];
    double[] positive = new double[order.length];
    double[] negative = new double[order.length];
    Tied tied = new Tied(truth, weights);
    int size = 0;
    int start = 0;
    while (start < order.length) {
      int end = start + 1;
      while (end < order.length && keys[order[end]] == keys[order[start]]) {
        end++;
      }
      if (tied.sum(order, start, end)) {
        threshold[size] = SortKeys.score(keys[order[start]]);
        positive[size] = tied.positive;
        negative[size] = tied.negative;
        size++;
      }
      start = end;
    }
    return new Steps(size, threshold, positive, negative);
  }

  /** Weighs rows of one score, exactly, so that their order does not matter. */
  private static final class Tied {
    private final boolean[] truth;
    private final double[] weights;
    private final ExactSum ones = new ExactSum();
    private final ExactSum zeros = new ExactSum();
    double positive;
    double negative;

    Tied(boolean[] truth, double[] weights) {
      this.truth = truth;
      this.weights = weights;
    }

    /** Tells whether any of the rows weighs something. */
    boolean sum(int[] order, int start, int end) {
      if (end == start + 1) {
        int row = order[start];
        positive = truth[row] ? weights[row] : 0;
        negative = truth[row] ? 0 : weights[row];
      } else {
        ones.reset();
        zeros.reset();
        for (int i = start; i < end; i++) {
          (truth[order[i]] ? ones : zeros).add(weights[order[i]]);
        }
        positive = ones.value();
        negative = zeros.value();
      }
      return positive + negative > 0;
    }
  }

  boolean hasBothClasses() {
    return positives > 0 && negatives > 0;
  }

  /** The area under the ROC curve: the chance that a positive row is above a negative one. */
  double rocArea() {
    double above = 0;
    double area = 0;
    for (int i = 0; i < size; i++) {
      area += negative[i] * (above + positive[i] / 2);
      above += positive[i];
    }
    return area / (positives * negatives);
  }

  /** The area up to a false positive rate, interpolated there, and scaled by McClish. */
  double partialRocArea(double limit) {
    double area = 0;
    double wrong = 0;
    double found = 0;
    double rate = 0;
    for (int i = 0; i < size && rate < limit; i++) {
      wrong += negative[i];
      double next = wrong / negatives;
      double hit = found / positives;
      double rise = positive[i] / positives;
      double share = next <= limit ? 1 : (limit - rate) / (next - rate);
      area += (next - rate) * share * (hit + rise * share / 2);
      found += positive[i];
      rate = next;
    }
    double least = limit * limit / 2;
    return (1 + (area - least) / (limit - least)) / 2;
  }

  double averagePrecision() {
    double found = 0;
    double seen = 0;
    double sum = 0;
    for (int i = 0; i < size; i++) {
      found += positive[i];
      seen += positive[i] + negative[i];
      if (positive[i] > 0) {
        sum += positive[i] * (found / seen);
      }
    }
    return sum / positives;
  }

  /** The trapezoids under the precision-recall curve, whose first point is (recall 0, 1). */
  double precisionRecallTrapezoid() {
    double found = 0;
    double seen = 0;
    double before = 1;
    double sum = 0;
    for (int i = 0; i < size; i++) {
      found += positive[i];
      seen += positive[i] + negative[i];
      double precision = found / seen;
      sum += positive[i] * (before + precision) / 2;
      before = precision;
    }
    return sum / positives;
  }

  /**
   * The area under the precision-recall curve with false positives interpolated linearly in true
   * ones: with {@code h = dFP / dTP}, the integral of {@code t / (t + fp + h (t - tp))} over each
   * step.
   */
  double precisionRecallInterpolated() {
    double found = 0;
    double wrong = 0;
    double sum = 0;
    for (int i = 0; i < size; i++) {
      if (positive[i] > 0) {
        double slope = 1 + negative[i] / positive[i];
        double offset = wrong - (slope - 1) * found;
        sum += positive[i] / slope;
        if (offset != 0) {
          double ratio = slope * positive[i] / (offset + slope * found);
          sum -= offset / (slope * slope) * Math.log1p(ratio);
        }
      }
      found += positive[i];
      wrong += negative[i];
    }
    return sum / positives;
  }
}
