package io.vivace.evaluate.compare;

import org.apache.commons.statistics.distribution.TDistribution;

/**
 * How many paired examples would decide a difference that looks like the one at hand.
 *
 * <p>Decided means that the confidence interval of the mean difference lies wholly outside the
 * margin around 0, or, where the mean is inside it, wholly inside: so "better by more than the
 * margin" or "practically equal". The number is the least n with
 *
 * <pre>{@code n >= ((t(1-alpha/2) + t(power)) * sd / distance)^2,  t with n - 1 degrees of freedom}
 * </pre>
 *
 * where the distance is that of the mean to the nearest edge of the margin. It takes mean and
 * spread at hand for the true ones: an estimate to plan by, no promise. Default: 95 % confidence,
 * power 0.8, margin 0. Source: Dixon and Massey, "Introduction to statistical analysis", 1983;
 * within an example or so of the exact noncentral t.
 *
 * @param confidence the level of the interval, in (0, 1)
 * @param power how likely the interval shall decide, in [0.5, 1)
 * @param margin differences up to this size do not matter, finite, at least 0
 */
public record SampleSize(double confidence, double power, double margin) {
  /**
   * What is returned where no number of examples decides: the mean lies on the edge of the margin.
   */
  public static final long NEVER = Long.MAX_VALUE;

  /**
   * Checks the options.
   *
   * @param confidence the level of the interval, in (0, 1)
   * @param power how likely the interval shall decide, in [0.5, 1)
   * @param margin differences up to this size do not matter, finite, at least 0
   */
  public SampleSize {
    Samples.level(confidence, "confidence");
    if (!(power >= 0.5 && power < 1)) {
      throw new IllegalArgumentException("power must be in [0.5, 1), but was " + power);
    }
    if (!(margin >= 0 && margin < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("margin must be finite and at least 0, but was " + margin);
    }
  }

  /**
   * 95 % confidence, power 0.8, no margin.
   *
   * @return the options
   */
  public static SampleSize standard() {
    return new SampleSize(0.95, 0.8, 0);
  }

  /**
   * Changes the level of the interval.
   *
   * @param level in (0, 1)
   * @return a changed copy
   */
  public SampleSize confidence(double level) {
    return new SampleSize(level, power, margin);
  }

  /**
   * Changes how likely the interval shall decide.
   *
   * @param probability in [0.5, 1)
   * @return a changed copy
   */
  public SampleSize power(double probability) {
    return new SampleSize(confidence, probability, margin);
  }

  /**
   * Changes which differences matter.
   *
   * @param difference the largest that does not, finite, at least 0
   * @return a changed copy
   */
  public SampleSize margin(double difference) {
    return new SampleSize(confidence, power, difference);
  }

  /**
   * Returns how many examples decide in all.
   *
   * @param mean the mean difference, finite
   * @param deviation the standard deviation of the differences, finite, at least 0
   * @return at least 2, or {@link #NEVER}
   * @throws IllegalArgumentException if a value is out of range
   */
  public long total(double mean, double deviation) {
    if (!Double.isFinite(mean) || !(deviation >= 0 && deviation < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "mean must be finite and deviation finite and at least 0, but were %s and %s"
              .formatted(mean, deviation));
    }
    double distance = Math.abs(Math.abs(mean) - margin);
    if (distance == 0) {
      return NEVER;
    }
    double ratio = deviation / distance;
    if (ratio > 1e8) {
      return NEVER; // 1e16 examples and more
    }
    return least(ratio);
  }

  /** The least n that suffices; what is needed falls as n grows. */
  private long least(double ratio) {
    long low = 1;
    long high = 2;
    while (!suffices(high, ratio)) {
      low = high;
      high *= 2;
    }
    while (high - low > 1) {
      long middle = (low + high) / 2;
      if (suffices(middle, ratio)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high;
  }

  private boolean suffices(long n, double ratio) {
    TDistribution t = TDistribution.of(n - 1.0);
    double errors =
        t.inverseSurvivalProbability((1 - confidence) / 2) + t.inverseCumulativeProbability(power);
    return n >= errors * errors * ratio * ratio;
  }

  /**
   * Returns how many examples are missing.
   *
   * @param differences first minus second on each example so far, at least 2, finite
   * @return 0 where the interval decides already, else at least 1, or {@link #NEVER}
   * @throws IllegalArgumentException if there are fewer than 2, or one is not finite
   */
  public long more(double[] differences) {
    Samples.finite(differences, 2, "differences");
    double mean = Samples.mean(differences);
    double deviation = Math.sqrt(Samples.variance(differences));
    if (decides(differences.length, mean, deviation)) {
      return 0;
    }
    long total = total(mean, deviation);
    return total == NEVER ? NEVER : Math.max(1, total - differences.length);
  }

  private boolean decides(int n, double mean, double deviation) {
    double distance = Math.abs(Math.abs(mean) - margin);
    double t = TDistribution.of(n - 1.0).inverseSurvivalProbability((1 - confidence) / 2);
    double halfWidth = t * deviation / Math.sqrt(n);
    // an interval around a mean inside the margin must end before both of its edges
    return distance > halfWidth;
  }
}
