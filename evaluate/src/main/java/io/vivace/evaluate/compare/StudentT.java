package io.vivace.evaluate.compare;

import org.apache.commons.statistics.distribution.FDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/** P-values of t and F statistics, with the limits of a spread of zero. */
final class StudentT {
  private StudentT() {}

  /** mean over standard error; 0 where both are 0, infinite where only the error is. */
  static double statistic(double mean, double error) {
    return mean == 0 ? 0 : mean / error;
  }

  static double pValue(double t, double degreesOfFreedom, Alternative alternative) {
    TDistribution distribution = TDistribution.of(degreesOfFreedom);
    return switch (alternative) {
      case TWO_SIDED -> Math.min(1, 2 * distribution.survivalProbability(Math.abs(t)));
      case GREATER -> distribution.survivalProbability(t);
      case LESS -> distribution.cumulativeProbability(t);
    };
  }

  static double upperTailOfF(double f, double numerator, double denominator) {
    return f == Double.POSITIVE_INFINITY
        ? 0
        : FDistribution.of(numerator, denominator).survivalProbability(f);
  }
}
