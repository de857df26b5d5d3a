package io.vivace.evaluate.search;

/** The lower triangular root of a positive definite matrix, and what is solved with it. */
final class Cholesky {
  private static final double FIRST_JITTER = 1e-10;
  private static final double LAST_JITTER = 1e-2;

  private final double[][] root;

  private Cholesky(double[][] root) {
    this.root = root;
  }

  /**
   * Factorizes the lower triangle of a matrix, which is kept. Where rounding made it indefinite,
   * the diagonal is raised step by step until it is not.
   *
   * @throws ArithmeticException if the matrix holds a NaN or is far from positive definite
   */
  static Cholesky of(double[][] matrix) {
    double scale = 0;
    for (int i = 0; i < matrix.length; i++) {
      scale = Math.max(scale, matrix[i][i]);
    }
    double[][] root = new double[matrix.length][];
    for (double jitter = 0; jitter <= LAST_JITTER; jitter = next(jitter)) {
      if (factorize(matrix, jitter * scale, root)) {
        return new Cholesky(root);
      }
    }
    throw new ArithmeticException("the covariance matrix is not positive definite");
  }

  private static double next(double jitter) {
    return jitter == 0 ? FIRST_JITTER : jitter * 10;
  }

  private static boolean factorize(double[][] matrix, double jitter, double[][] root) {
    for (int i = 0; i < matrix.length; i++) {
      double[] row = new double[i + 1];
      for (int j = 0; j <= i; j++) {
        double rest = matrix[i][j] - dot(row, j == i ? row : root[j], j);
        if (j < i) {
          row[j] = rest / root[j][j];
        } else if (rest + jitter > 0) {
          row[i] = Math.sqrt(rest + jitter);
        } else {
          return false;
        }
      }
      root[i] = row;
    }
    return true;
  }

  private static double dot(double[] a, double[] b, int length) {
    double even = 0;
    double odd = 0;
    int i = 0;
    for (; i + 1 < length; i += 2) {
      even += a[i] * b[i];
      odd += a[i + 1] * b[i + 1];
    }
    return i < length ? even + odd + a[i] * b[i] : even + odd;
  }

  int size() {
    return root.length;
  }

  /** Solves root x = b in place. */
  void forward(double[] b) {
    for (int i = 0; i < root.length; i++) {
      b[i] = (b[i] - dot(root[i], b, i)) / root[i][i];
    }
  }

  /** Solves root' x = b in place. */
  void backward(double[] b) {
    for (int i = root.length - 1; i >= 0; i--) {
      double[] row = root[i];
      double x = b[i] / row[i];
      b[i] = x;
      for (int j = 0; j < i; j++) {
        b[j] -= row[j] * x;
      }
    }
  }

  /** Half the logarithm of the determinant. */
  double halfLogDeterminant() {
    double sum = 0;
    for (int i = 0; i < root.length; i++) {
      sum += Math.log(root[i][i]);
    }
    return sum;
  }

  /** The lower triangle of the inverse. */
  double[][] inverse() {
    int n = root.length;
    double[][] columns = new double[n][]; // columns of the root's inverse, from the diagonal down
    for (int j = 0; j < n; j++) {
      double[] x = new double[n - j];
      x[0] = 1 / root[j][j];
      for (int i = j + 1; i < n; i++) {
        double sum = 0;
        for (int k = j; k < i; k++) {
          sum += root[i][k] * x[k - j];
        }
        x[i - j] = -sum / root[i][i];
      }
      columns[j] = x;
    }
    double[][] inverse = new double[n][];
    for (int i = 0; i < n; i++) {
      inverse[i] = new double[i + 1];
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int k = i; k < n; k++) {
          sum += columns[i][k - i] * columns[j][k - j];
        }
        inverse[i][j] = sum;
      }
    }
    return inverse;
  }
}
