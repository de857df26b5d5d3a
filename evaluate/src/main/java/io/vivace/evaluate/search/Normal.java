package io.vivace.evaluate.search;

import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.Erfcx;
import org.apache.commons.numbers.gamma.InverseErfc;

/** The standard normal distribution, with logarithms that hold far out in the tails. */
final class Normal {
  static final double HALF_LOG_TWO_PI = 0.9189385332046727;
  static final double SQRT_TWO_PI = Math.sqrt(2 * Math.PI);
  private static final double SQRT_HALF = Math.sqrt(0.5);
  private static final double SQRT_HALF_PI = Math.sqrt(Math.PI / 2);
  private static final double INVERSE_SQRT_TWO_PI = 1 / SQRT_TWO_PI;

  /** From here on a tail is below half an ulp of 1. */
  private static final double NO_TAIL = 8.3;

  /** From here on 1 + z ratio is lost in rounding; its expansion is 1/z^2 - 3/z^4. */
  private static final double FAR = -300;

  private Normal() {}

  static double cdf(double z) {
    return 0.5 * Erfc.value(-z * SQRT_HALF);
  }

  static double quantile(double p) {
    return -InverseErfc.value(2 * p) / SQRT_HALF;
  }

  /** The mass between two places on either side of 0. */
  static double massAroundZero(double a, double b) {
    double left = a < -NO_TAIL ? 0 : 0.5 * Erfc.value(-a * SQRT_HALF);
    double right = b > NO_TAIL ? 0 : 0.5 * Erfc.value(b * SQRT_HALF);
    return 1 - left - right;
  }

  /** The logarithm of the mass between two places. */
  static double logMass(double a, double b) {
    if (a > 0) {
      return logMass(-b, -a);
    }
    if (b > 0) {
      return Math.log(massAroundZero(a, b));
    }
    double right = logCdf(b);
    return right + Math.log(-Math.expm1(logCdf(a) - right));
  }

  static double logCdf(double z) {
    if (z > 0) {
      return Math.log1p(-0.5 * Erfc.value(z * SQRT_HALF));
    }
    return Math.log(0.5 * Erfcx.value(-z * SQRT_HALF)) - 0.5 * z * z;
  }

  /** The slope of {@link #logCdf(double)}. */
  static double logCdfSlope(double z) {
    return z > 0
        ? INVERSE_SQRT_TWO_PI * Math.exp(-0.5 * z * z) / cdf(z)
        : INVERSE_SQRT_TWO_PI / (0.5 * Erfcx.value(-z * SQRT_HALF));
  }

  /**
   * The logarithm of {@code E[max(0, z + X)]}. Source: Ament et al., "Unexpected Improvements to
   * Expected Improvement for Bayesian Optimization", NeurIPS 2023, equation 9.
   */
  static double logExpectedImprovement(double z) {
    if (z > -1) {
      double density = INVERSE_SQRT_TWO_PI * Math.exp(-0.5 * z * z);
      return Math.log(z * cdf(z) + density);
    }
    double ratio = SQRT_HALF_PI * Erfcx.value(-z * SQRT_HALF);
    double inner = z < FAR ? (1 - 3 / (z * z)) / (z * z) : 1 + z * ratio;
    return -0.5 * z * z - HALF_LOG_TWO_PI + Math.log(inner);
  }

  /** The slope of {@link #logExpectedImprovement(double)}: the cdf over the improvement. */
  static double logExpectedImprovementSlope(double z) {
    return Math.exp(logCdf(z) - logExpectedImprovement(z));
  }
}
