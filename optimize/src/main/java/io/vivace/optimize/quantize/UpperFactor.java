package io.vivace.optimize.quantize;

/** Factors the inverse of a symmetric positive definite matrix. */
final class UpperFactor {
  private UpperFactor() {}

  /**
   * Finds the upper triangular {@code U} with {@code U^T U = H^-1}, where {@code H} is the damped
   * matrix of moments: {@code H = R R^T} with {@code R} upper triangular, and {@code U = R^-1}.
   *
   * @param damping part of the mean of the diagonal that is added to it; a channel that is always 0
   *     gets 1
   */
  static float[] ofInverse(ChannelMoments moments, double damping) {
    int n = moments.channels();
    double mean = 0;
    for (int i = 0; i < n; i++) {
      mean += moments.product(i, i) / n;
    }
    // Reversed, so that the lower factor of it is the upper one of H.
    double[][] lower = new double[n][];
    for (int i = 0; i < n; i++) {
      lower[i] = new double[i + 1];
      for (int j = 0; j <= i; j++) {
        lower[i][j] = moments.product(n - 1 - i, n - 1 - j);
      }
      double diagonal = lower[i][i] == 0 ? 1 : lower[i][i];
      lower[i][i] = diagonal + Math.max(damping * mean, Double.MIN_NORMAL);
    }
    factor(lower);
    return reversed(inverse(lower));
  }

  /** Cholesky's factorization in place, row by row. */
  private static void factor(double[][] lower) {
    for (int i = 0; i < lower.length; i++) {
      for (int j = 0; j < i; j++) {
        lower[i][j] = (lower[i][j] - dot(lower[i], lower[j], j)) / lower[j][j];
      }
      double rest = lower[i][i] - dot(lower[i], lower[i], i);
      // Single-precision sums may leave a little less than nothing.
      lower[i][i] = Math.sqrt(Math.max(rest, 1e-12 * lower[i][i]));
    }
  }

  private static double dot(double[] a, double[] b, int count) {
    double even = 0;
    double odd = 0;
    double third = 0;
    double fourth = 0;
    int k = 0;
    for (; k + 3 < count; k += 4) {
      even += a[k] * b[k];
      odd += a[k + 1] * b[k + 1];
      third += a[k + 2] * b[k + 2];
      fourth += a[k + 3] * b[k + 3];
    }
    for (; k < count; k++) {
      even += a[k] * b[k];
    }
    return even + odd + third + fourth;
  }

  /** The inverse of a lower triangular matrix, row by row. */
  private static double[][] inverse(double[][] lower) {
    double[][] result = new double[lower.length][];
    for (int i = 0; i < lower.length; i++) {
      double[] row = new double[i + 1];
      for (int k = 0; k < i; k++) {
        double factor = lower[i][k];
        double[] above = result[k];
        for (int j = 0; j <= k; j++) {
          row[j] -= factor * above[j];
        }
      }
      double diagonal = lower[i][i];
      for (int j = 0; j < i; j++) {
        row[j] /= diagonal;
      }
      row[i] = 1 / diagonal;
      result[i] = row;
    }
    return result;
  }

  private static float[] reversed(double[][] lower) {
    int n = lower.length;
    float[] upper = new float[Math.multiplyExact(n, n)];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        upper[(n - 1 - i) * n + n - 1 - j] = (float) lower[i][j];
      }
    }
    return upper;
  }
}
