package io.vivace.evaluate.search;

import java.util.Arrays;
import java.util.List;

/**
 * How much a point promises: the logarithm of the expected improvement over the best value known,
 * plus that of the probability to keep each constraint. Greater is better.
 */
final class Acquisition {
  private static final double LEAST_VARIANCE = 1e-12;

  /** A constraint's process, and the value it must reach. */
  record Limit(GaussianProcess process, double least) {}

  private final GaussianProcess process;
  private final double best;
  private final List<Limit> limits;

  /**
   * Makes the function.
   *
   * @param best the value to improve on; minus infinity where no point keeps the constraints yet
   */
  Acquisition(GaussianProcess process, double best, List<Limit> limits) {
    this.process = process;
    this.best = best;
    this.limits = limits;
  }

  Kernel kernel() {
    return process.kernel();
  }

  double at(double[] x) {
    double sum = 0;
    if (best > Double.NEGATIVE_INFINITY) {
      double[] posterior = process.posterior(x);
      double deviation = Math.sqrt(posterior[1] + LEAST_VARIANCE);
      sum = Normal.logExpectedImprovement((posterior[0] - best) / deviation) + Math.log(deviation);
    }
    for (Limit limit : limits) {
      double[] posterior = limit.process().posterior(x);
      double deviation = Math.sqrt(posterior[1] + LEAST_VARIANCE);
      sum += Normal.logCdf((posterior[0] - limit.least()) / deviation);
    }
    return sum;
  }

  double at(double[] x, double[] gradient) {
    Arrays.fill(gradient, 0);
    double sum = 0;
    if (best > Double.NEGATIVE_INFINITY) {
      sum += add(process, best, true, x, gradient);
    }
    for (Limit limit : limits) {
      sum += add(limit.process(), limit.least(), false, x, gradient);
    }
    return sum;
  }

  private static double add(
      GaussianProcess process, double bound, boolean improvement, double[] x, double[] gradient) {
    double[] ofMean = new double[x.length];
    double[] ofVariance = new double[x.length];
    double[] posterior = process.posterior(x, ofMean, ofVariance);
    double deviation = Math.sqrt(posterior[1] + LEAST_VARIANCE);
    double z = (posterior[0] - bound) / deviation;
    double slope = improvement ? Normal.logExpectedImprovementSlope(z) : Normal.logCdfSlope(z);
    for (int d = 0; d < x.length; d++) {
      double ofDeviation = ofVariance[d] / (2 * deviation);
      gradient[d] += slope * (ofMean[d] - z * ofDeviation) / deviation;
      if (improvement) {
        gradient[d] += ofDeviation / deviation;
      }
    }
    return improvement ? Normal.logExpectedImprovement(z) + Math.log(deviation) : Normal.logCdf(z);
  }
}
