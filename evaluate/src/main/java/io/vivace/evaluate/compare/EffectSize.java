package io.vivace.evaluate.compare;

import java.util.Arrays;

/**
 * How large a difference is, apart from how sure it is.
 *
 * @param measure the name of the measure
 * @param value above 0 where the first is greater
 * @param magnitude in words
 */
public record EffectSize(String measure, double value, Magnitude magnitude) {
  /** Makes the MAD of normal values estimate their standard deviation: 1 / Phi^-1(3/4). */
  private static final double MAD_TO_SIGMA = 1.482602218505602;

  /** A size in words; the limits are convention. */
  public enum Magnitude {
    /** Hardly there. */
    NEGLIGIBLE,
    /** Small. */
    SMALL,
    /** Medium. */
    MEDIUM,
    /** Large. */
    LARGE;

    private static Magnitude of(double value, double small, double medium, double large) {
      double size = Math.abs(value);
      return size < small ? NEGLIGIBLE : size < medium ? SMALL : size < large ? MEDIUM : LARGE;
    }
  }

  /**
   * Cohen's d: the difference of the means over the pooled standard deviation.
   *
   * <p>Small from 0.2, medium from 0.5, large from 0.8. Where neither spreads, equal means give 0
   * and others an infinite value. Source: Cohen, "Statistical power analysis", 1988.
   *
   * @param first values, finite, at least 2
   * @param second values, finite, at least 2
   * @return the effect
   * @throws IllegalArgumentException if there are fewer than 2 values, or one is not finite
   */
  public static EffectSize cohenD(double[] first, double[] second) {
    Samples.finite(first, 2, "first");
    Samples.finite(second, 2, "second");
    double pooled = pooled(Samples.variance(first), first, Samples.variance(second), second);
    return cohen("Cohen d", Samples.mean(first) - Samples.mean(second), pooled);
  }

  /**
   * Cohen's d of pairs, d_z: the mean difference over the standard deviation of the differences.
   *
   * @param differences first minus second, finite, at least 2
   * @return the effect, limits as {@link #cohenD}
   * @throws IllegalArgumentException if there are fewer than 2 values, or one is not finite
   */
  public static EffectSize cohenDPaired(double[] differences) {
    Samples.finite(differences, 2, "differences");
    double spread = Math.sqrt(Samples.variance(differences));
    return cohen("Cohen d, paired", Samples.mean(differences), spread);
  }

  private static EffectSize cohen(String measure, double difference, double spread) {
    double value = StudentT.statistic(difference, spread);
    return new EffectSize(measure, value, Magnitude.of(value, 0.2, 0.5, 0.8));
  }

  /**
   * Cliff's delta: the probability that a value of the first is above one of the second, less that
   * of below. In [-1, 1].
   *
   * <p>Small from 0.147, medium from 0.33, large from 0.474 (Romano et al. 2006). Source: Cliff,
   * "Dominance statistics", 1993. Takes O(n log n).
   *
   * @param first values, finite, at least 1
   * @param second values, finite, at least 1
   * @return the effect
   * @throws IllegalArgumentException if there are no values, or one is not finite
   */
  public static EffectSize cliffDelta(double[] first, double[] second) {
    double[] a = Samples.finite(first, 1, "first").clone();
    double[] b = Samples.finite(second, 1, "second").clone();
    Arrays.sort(a);
    Arrays.sort(b);
    long balance = 0;
    int below = 0;
    int atMost = 0;
    for (double value : a) {
      while (below < b.length && b[below] < value) {
        below++;
      }
      while (atMost < b.length && b[atMost] <= value) {
        atMost++;
      }
      balance += below - (long) (b.length - atMost);
    }
    double value = (double) balance / ((double) a.length * b.length);
    return new EffectSize("Cliff delta", value, Magnitude.of(value, 0.147, 0.33, 0.474));
  }

  /**
   * Akinshin's gamma at the median: the difference of the medians over the pooled median absolute
   * deviation, scaled so that normal data give Cohen's d. Heavy tails do not disturb it.
   *
   * <p>Limits as {@link #cohenD}. Where neither spreads, equal medians give 0 and others an
   * infinite value. Source: Akinshin, "Nonparametric Cohen's d-consistent effect size", 2020, with
   * plain sample medians, as autorank has it.
   *
   * @param first values, finite, at least 2
   * @param second values, finite, at least 2
   * @return the effect
   * @throws IllegalArgumentException if there are fewer than 2 values, or one is not finite
   */
  public static EffectSize akinshinGamma(double[] first, double[] second) {
    double firstMedian = median(Samples.finite(first, 2, "first"));
    double secondMedian = median(Samples.finite(second, 2, "second"));
    double a = deviation(first, firstMedian);
    double b = deviation(second, secondMedian);
    double pooled = pooled(a * a, first, b * b, second);
    double value = StudentT.statistic(firstMedian - secondMedian, pooled);
    return new EffectSize("Akinshin gamma", value, Magnitude.of(value, 0.2, 0.5, 0.8));
  }

  private static double pooled(double a, double[] first, double b, double[] second) {
    return Math.sqrt(
        ((first.length - 1) * a + (second.length - 1) * b) / (first.length + second.length - 2));
  }

  private static double deviation(double[] values, double median) {
    return MAD_TO_SIGMA
        * median(Arrays.stream(values).map(value -> Math.abs(value - median)).toArray());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
