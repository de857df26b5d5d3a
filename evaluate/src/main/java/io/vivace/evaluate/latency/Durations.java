package io.vivace.evaluate.latency;

import io.vivace.evaluate.Figure;
import io.vivace.evaluate.metric.Interval;
import java.util.Arrays;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * Measured values, sorted, and their quantiles. A quantile is the value of the nearest rank: the
 * smallest that at least such a share of all does not exceed.
 *
 * <p>Its interval is made of two order statistics and holds for any distribution, if values are
 * independent: the number of values below the true quantile is binomial (Hahn and Meeker,
 * "Statistical intervals", 1991, section 5.2). Where there are too few values for a bound it is 0
 * or infinite.
 */
final class Durations {
  private static final String METHOD = "order statistics";
  private static final double ROUNDING = 1e-12;

  private final double[] sorted;

  Durations(double[] values) {
    sorted = values.clone();
    Arrays.sort(sorted);
  }

  int count() {
    return sorted.length;
  }

  double mean() {
    return Arrays.stream(sorted).average().orElse(Double.NaN);
  }

  Figure quantile(double share, double level) {
    if (sorted.length == 0) {
      return new Figure(Double.NaN, Interval.undefined(level, METHOD));
    }
    // 0.999 of 1,000 is rank 999, also where the product is a little above.
    int rank = Math.max(1, (int) Math.ceil(share * sorted.length * (1 - ROUNDING)));
    return new Figure(sorted[rank - 1], interval(share, level));
  }

  private Interval interval(double share, double level) {
    BinomialDistribution below = BinomialDistribution.of(sorted.length, share);
    double tail = (1 - level) / 2;
    int lower = below.inverseCumulativeProbability(tail);
    int upper = below.inverseCumulativeProbability(1 - tail) + 1;
    return new Interval(
        lower == 0 ? 0 : sorted[lower - 1],
        upper > sorted.length ? Double.POSITIVE_INFINITY : sorted[upper - 1],
        level,
        METHOD);
  }
}
