package io.vivace.evaluate.compare;

import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * The distribution of the range of k standard normal variables: the studentised range with infinite
 * degrees of freedom.
 *
 * <pre>{@code P(Q > q) = k * integral of phi(z) * (Phi(z)^(k-1) - (Phi(z) - Phi(z-q))^(k-1)) dz}
 * </pre>
 *
 * <p>Written as a survival function, so that small p-values keep their digits. Agrees with numbers
 * of 30 digits to 1e-12, relative, for k up to 100.
 */
final class StudentizedRange {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
  private static final int PANELS = 24;
  private static final double REACH = 9; // phi(9) is below 1e-18

  private final int groups;

  StudentizedRange(int groups) {
    if (groups < 2) {
      throw new IllegalArgumentException("groups must be at least 2, but was " + groups);
    }
    this.groups = groups;
  }

  /** The probability of a range above q. */
  double survival(double q) {
    if (q <= 0) {
      return 1;
    }
    double upper = Math.max(REACH, q / 2 + REACH);
    double value = groups * GaussLegendre.integral(z -> density(z, q), -REACH, upper, PANELS);
    return Math.min(1, value);
  }

  private double density(double z, double q) {
    double below = NORMAL.cumulativeProbability(z);
    double outside = NORMAL.cumulativeProbability(z - q) / below;
    return -NORMAL.density(z)
        * Math.pow(below, groups - 1)
        * Math.expm1((groups - 1) * Math.log1p(-Math.min(1, outside)));
  }

  /** The range that is exceeded with probability p. */
  double upperQuantile(double p) {
    double low = 0;
    double high = 1;
    while (survival(high) > p) {
      low = high;
      high *= 2;
    }
    while (high - low > 1e-14 * high) {
      double middle = (low + high) / 2;
      if (middle <= low || middle >= high) {
        break;
      }
      if (survival(middle) > p) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }
}
