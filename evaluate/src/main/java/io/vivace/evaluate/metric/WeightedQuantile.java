package io.vivace.evaluate.metric;

import io.vivace.evaluate.internal.Order;
import java.util.Arrays;

/**
 * Quantiles of weighted values by the averaged inverted distribution function: the least value up
 * to which the weights reach the share, averaged with the next one where they reach it exactly.
 * With equal weights the median is the usual one. Source: Hyndman and Fan, "Sample quantiles in
 * statistical packages", 1996, definition 2.
 */
final class WeightedQuantile {
  private WeightedQuantile() {}

  /**
   * The quantile; NaN where nothing weighs anything. Values that weigh nothing do not count, and
   * the order of the values does not matter.
   */
  static double of(double[] values, double[] weights, double share) {
    int[] order = Order.ascending(values);
    double[] upTo = new double[order.length];
    int groups = 0;
    double[] distinct = new double[order.length];
    double total = 0;
    for (int begin = 0, end; begin < order.length; begin = end) {
      end = begin + 1;
      while (end < order.length && values[order[end]] == values[order[begin]]) {
        end++;
      }
      double before = total;
      total += weightOf(order, begin, end, weights);
      if (total > before) {
        distinct[groups] = values[order[begin]];
        upTo[groups++] = total;
      }
    }
    return groups == 0 ? Double.NaN : of(distinct, upTo, groups, share * total);
  }

  private static double of(double[] distinct, double[] upTo, int groups, double wanted) {
    int found = 0;
    while (found < groups - 1 && upTo[found] < wanted) {
      found++;
    }
    boolean exactly = upTo[found] - wanted <= Math.ulp(1.0) && found < groups - 1;
    return exactly ? (distinct[found] + distinct[found + 1]) / 2 : distinct[found];
  }

  /** The weight of equal values, added up from the lightest, so in one order whatever theirs. */
  private static double weightOf(int[] order, int begin, int end, double[] weights) {
    double[] sorted = new double[end - begin];
    for (int i = begin; i < end; i++) {
      sorted[i - begin] = weights[order[i]];
    }
    Arrays.sort(sorted);
    double sum = 0;
    for (double weight : sorted) {
      sum += weight;
    }
    return sum;
  }
}
