package io.vivace.evaluate.search;

/**
 * The Matern-5/2 kernel with a length for each parameter, and noise. Source: Rasmussen and
 * Williams, "Gaussian Processes for Machine Learning", equation 4.17. Choices count as 0 apart if
 * they are the same, else as 1.
 */
final class Kernel {
  /** Which parameters are choices. */
  private final boolean[] categorical;

  /** One over the square of each length. */
  private final double[] inverseSquares;

  /** The variance of the function. */
  private final double scale;

  /** The variance of the noise. */
  private final double noise;

  Kernel(boolean[] categorical, double[] inverseSquares, double scale, double noise) {
    this.categorical = categorical;
    this.inverseSquares = inverseSquares;
    this.scale = scale;
    this.noise = noise;
  }

  boolean[] categorical() {
    return categorical;
  }

  double[] inverseSquares() {
    return inverseSquares;
  }

  double scale() {
    return scale;
  }

  double noise() {
    return noise;
  }

  private static final double SQRT_FIVE = Math.sqrt(5);

  double distance(double[] a, double[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += inverseSquares[d] * square(a, b, d);
    }
    return sum;
  }

  double square(double[] a, double[] b, int d) {
    double difference = a[d] - b[d];
    if (categorical[d]) {
      return difference == 0 ? 0 : 1;
    }
    return difference * difference;
  }

  /** The covariance at a squared distance. */
  double value(double squared) {
    double root = SQRT_FIVE * Math.sqrt(squared);
    return scale * Math.exp(-root) * (1 + root + 5.0 / 3 * squared);
  }

  /** Its slope by the squared distance. */
  double slope(double squared) {
    double root = SQRT_FIVE * Math.sqrt(squared);
    return scale * Math.exp(-root) * (1 + root) * (-5.0 / 6);
  }

  /** The lower triangle of the covariance of noisy observations. */
  double[][] covariance(double[][] points) {
    double[][] matrix = new double[points.length][];
    for (int i = 0; i < points.length; i++) {
      matrix[i] = new double[i + 1];
      for (int j = 0; j < i; j++) {
        matrix[i][j] = value(distance(points[i], points[j]));
      }
      matrix[i][i] = scale + noise;
    }
    return matrix;
  }
}
