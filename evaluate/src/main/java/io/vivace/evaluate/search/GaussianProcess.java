package io.vivace.evaluate.search;

/**
 * A function about which some noisy values are known, with mean 0 before that. Source: Rasmussen
 * and Williams, "Gaussian Processes for Machine Learning", algorithm 2.1.
 */
final class GaussianProcess {
  private final Kernel kernel;
  private final double[][] points;
  private final Cholesky root;
  private final double[] alpha;

  GaussianProcess(Kernel kernel, double[][] points, double[] values) {
    this.kernel = kernel;
    this.points = points;
    root = Cholesky.of(kernel.covariance(points));
    alpha = values.clone();
    root.forward(alpha);
    root.backward(alpha);
  }

  Kernel kernel() {
    return kernel;
  }

  /** Mean and variance of the function at a point. */
  double[] posterior(double[] x) {
    double[] k = new double[points.length];
    double mean = 0;
    for (int i = 0; i < k.length; i++) {
      k[i] = kernel.value(kernel.distance(x, points[i]));
      mean += k[i] * alpha[i];
    }
    root.forward(k);
    double variance = kernel.scale();
    for (double v : k) {
      variance -= v * v;
    }
    return new double[] {mean, Math.max(0, variance)};
  }

  /** The same with slopes by each number of the point; those by choices are 0. */
  double[] posterior(double[] x, double[] meanSlope, double[] varianceSlope) {
    int n = points.length;
    double[] k = new double[n];
    double[] slopes = new double[n];
    double mean = 0;
    for (int i = 0; i < n; i++) {
      double squared = kernel.distance(x, points[i]);
      k[i] = kernel.value(squared);
      slopes[i] = 2 * kernel.slope(squared);
      mean += k[i] * alpha[i];
    }
    double variance = kernel.scale();
    root.forward(k);
    for (double v : k) {
      variance -= v * v;
    }
    root.backward(k);
    for (int d = 0; d < x.length; d++) {
      double ofMean = 0;
      double ofVariance = 0;
      for (int i = 0; i < n && !kernel.categorical()[d]; i++) {
        double slope = slopes[i] * (x[d] - points[i][d]);
        ofMean += slope * alpha[i];
        ofVariance -= 2 * slope * k[i];
      }
      meanSlope[d] = ofMean * kernel.inverseSquares()[d];
      varianceSlope[d] = ofVariance * kernel.inverseSquares()[d];
    }
    return new double[] {mean, Math.max(0, variance)};
  }
}
