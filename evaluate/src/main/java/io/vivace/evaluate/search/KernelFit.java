package io.vivace.evaluate.search;

import java.util.Arrays;

/**
 * Finds the kernel under which the observations are likeliest, times a prior: {@code exp(-0.1/v -
 * 0.1 v)} for each inverse squared length v, Gamma(2, 1) for the scale, Gamma(1.1, 30) for the
 * noise. The slopes are those of Rasmussen and Williams, equation 5.9.
 */
final class KernelFit {
  static final double LEAST_NOISE = 1e-8;
  private static final double TOLERANCE = 1e-2;
  private static final int MAX_STEPS = 200;
  private static final double BOUND = 15;

  private final boolean[] categorical;
  private final double[][] points;
  private final double[] values;

  private KernelFit(boolean[] categorical, double[][] points, double[] values) {
    this.categorical = categorical;
    this.points = points;
    this.values = values;
  }

  static Kernel of(boolean[] categorical, double[][] points, double[] values) {
    KernelFit fit = new KernelFit(categorical, points, values);
    int n = categorical.length + 2;
    double[] low = new double[n];
    double[] high = new double[n];
    Arrays.fill(low, -BOUND);
    Arrays.fill(high, BOUND);
    Lbfgs.Minimum best = null;
    for (double noise : new double[] {0, -7}) { // all noise at first, or hardly any
      double[] start = new double[n];
      start[n - 1] = noise;
      Lbfgs.Minimum found = Lbfgs.minimize(fit::loss, start, low, high, TOLERANCE, MAX_STEPS);
      if (best == null || found.value() < best.value()) {
        best = found;
      }
    }
    return fit.kernel(best == null ? new double[n] : best.x());
  }

  private Kernel kernel(double[] raw) {
    int d = categorical.length;
    double[] inverseSquares = new double[d];
    for (int i = 0; i < d; i++) {
      inverseSquares[i] = Math.exp(raw[i]);
    }
    return new Kernel(
        categorical, inverseSquares, Math.exp(raw[d]), LEAST_NOISE + Math.exp(raw[d + 1]));
  }

  /** Minus the logarithm of likelihood and prior, without constants. */
  private double loss(double[] raw, double[] gradient) {
    Kernel kernel = kernel(raw);
    Cholesky root;
    try {
      root = Cholesky.of(kernel.covariance(points));
    } catch (ArithmeticException e) {
      return Double.POSITIVE_INFINITY;
    }
    double[] alpha = values.clone();
    root.forward(alpha);
    double fit = 0;
    for (double a : alpha) {
      fit += a * a;
    }
    root.backward(alpha);
    slopes(kernel, root.inverse(), alpha, gradient);
    double prior = prior(kernel, Math.exp(raw[raw.length - 1]), gradient);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = -gradient[i];
    }
    return root.halfLogDeterminant() + 0.5 * fit - prior;
  }

  private void slopes(Kernel kernel, double[][] inverse, double[] alpha, double[] gradient) {
    int dimensions = categorical.length;
    Arrays.fill(gradient, 0);
    for (int i = 0; i < points.length; i++) {
      for (int j = 0; j < i; j++) {
        double weight = alpha[i] * alpha[j] - inverse[i][j];
        double squared = kernel.distance(points[i], points[j]);
        double slope = weight * kernel.slope(squared);
        for (int d = 0; d < dimensions; d++) {
          gradient[d] += slope * kernel.square(points[i], points[j], d);
        }
        gradient[dimensions] += weight * kernel.value(squared);
      }
      double own = 0.5 * (alpha[i] * alpha[i] - inverse[i][i]);
      gradient[dimensions] += own * kernel.scale();
      gradient[dimensions + 1] += own;
    }
    for (int d = 0; d < dimensions; d++) {
      gradient[d] *= kernel.inverseSquares()[d];
    }
    gradient[dimensions + 1] *= kernel.noise() - LEAST_NOISE;
  }

  private static double prior(Kernel kernel, double freeNoise, double[] gradient) {
    double sum = 0;
    double[] inverseSquares = kernel.inverseSquares();
    int d = inverseSquares.length;
    for (int i = 0; i < d; i++) {
      sum -= 0.1 / inverseSquares[i] + 0.1 * inverseSquares[i];
      gradient[i] += 0.1 / inverseSquares[i] - 0.1 * inverseSquares[i];
    }
    sum += Math.log(kernel.scale()) - kernel.scale();
    gradient[d] += 1 - kernel.scale();
    sum += 0.1 * Math.log(kernel.noise()) - 30 * kernel.noise();
    gradient[d + 1] += (0.1 / kernel.noise() - 30) * freeNoise;
    return sum;
  }
}
