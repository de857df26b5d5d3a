package io.vivace.optimize.factorize;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import org.jspecify.annotations.Nullable;

/**
 * A matrix as a product of two thinner ones, {@code W = A B}, by the singular value decomposition
 * {@code W = U S V'}: {@code A = U sqrt(S)} and {@code B = sqrt(S) V'}, of which the first columns
 * and rows are kept. No other product of that rank is nearer to the matrix (Eckart and Young,
 * 1936).
 *
 * <p>With the second moments of the inputs, {@code C = X'X}, it is the output {@code X W} that is
 * kept near: decomposed is {@code L'W} with {@code C = L L'}, and {@code A = L'^-1 U sqrt(S)}. The
 * singular values left out are then the error of the output itself (Wang and others, 2024,
 * "SVD-LLM").
 */
final class LowRank {
  /** What is added to the diagonal of the second moments, as a share of its mean. */
  private static final double DAMPING = 1e-6;

  private final int rows;
  private final int columns;
  private final DMatrixRMaj left;
  private final DMatrixRMaj right;
  private final double[] singular;

  private LowRank(DMatrixRMaj left, DMatrixRMaj right, double[] singular) {
    this.rows = left.numRows;
    this.columns = right.numCols;
    this.left = left;
    this.right = right;
    this.singular = singular;
  }

  /**
   * Decomposes a matrix.
   *
   * @param weights row by row
   * @param moments the second moments of the inputs, {@code rows x rows}; null for none
   * @throws IllegalArgumentException if a weight is not finite
   */
  static LowRank of(float[] weights, int rows, int columns, double @Nullable [] moments) {
    DMatrixRMaj matrix = new DMatrixRMaj(rows, columns);
    for (int i = 0; i < weights.length; i++) {
      if (!Float.isFinite(weights[i])) {
        throw new IllegalArgumentException("weight " + i + " is " + weights[i]);
      }
      matrix.data[i] = weights[i];
    }
    if (moments == null) {
      return decompose(matrix, null);
    }
    DMatrixRMaj upper = whitening(moments, rows);
    DMatrixRMaj whitened = new DMatrixRMaj(rows, columns);
    CommonOps_DDRM.mult(upper, matrix, whitened);
    return decompose(whitened, upper);
  }

  private static DMatrixRMaj whitening(double[] moments, int rows) {
    DMatrixRMaj matrix = new DMatrixRMaj(rows, rows, true, moments.clone());
    double mean = 0;
    for (int i = 0; i < rows; i++) {
      mean += matrix.get(i, i) / rows;
    }
    for (int i = 0; i < rows; i++) {
      matrix.add(i, i, mean > 0 ? DAMPING * mean : 1);
    }
    CholeskyDecomposition_F64<DMatrixRMaj> cholesky = DecompositionFactory_DDRM.chol(rows, false);
    if (!cholesky.decompose(matrix)) {
      throw new IllegalArgumentException(
          "the second moments of the inputs are not positive definite: are inputs NaN?");
    }
    return cholesky.getT(null);
  }

  private static LowRank decompose(DMatrixRMaj matrix, @Nullable DMatrixRMaj upper) {
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(matrix.numRows, matrix.numCols, true, true, true);
    if (!svd.decompose(matrix.copy())) {
      throw new IllegalArgumentException("the singular value decomposition did not converge");
    }
    DMatrixRMaj u = svd.getU(null, false);
    DMatrixRMaj v = svd.getV(null, false);
    double[] singular = svd.getSingularValues();
    int count = Math.min(matrix.numRows, matrix.numCols);
    SingularOps_DDRM.descendingOrder(u, false, singular, count, v, false);
    DMatrixRMaj vt = CommonOps_DDRM.transpose(v, null);
    for (int r = 0; r < count; r++) {
      double root = Math.sqrt(singular[r]);
      CommonOps_DDRM.scaleCol(root, u, r);
      CommonOps_DDRM.scaleRow(root, vt, r);
    }
    return new LowRank(
        upper == null ? u : solve(upper, u), vt, java.util.Arrays.copyOf(singular, count));
  }

  private static DMatrixRMaj solve(DMatrixRMaj upper, DMatrixRMaj u) {
    DMatrixRMaj solved = new DMatrixRMaj(u.numRows, u.numCols);
    if (!CommonOps_DDRM.solve(upper, u, solved)) {
      throw new IllegalArgumentException("the second moments of the inputs are singular");
    }
    return solved;
  }

  /** The largest rank there is. */
  int fullRank() {
    return singular.length;
  }

  double[] singularValues() {
    return singular.clone();
  }

  /** The smallest rank that keeps a share of the sum of the squared singular values, from 1. */
  int rankForEnergy(double share) {
    double all = 0;
    for (double value : singular) {
      all += value * value;
    }
    double kept = 0;
    for (int rank = 1; rank <= singular.length; rank++) {
      kept += singular[rank - 1] * singular[rank - 1];
      if (kept >= share * all) {
        return rank;
      }
    }
    return singular.length;
  }

  /** The largest rank whose two factors have fewer weights than the matrix; 0 if there is none. */
  static int rankThatPays(int rows, int columns) {
    return (int) Math.max(0, ((long) rows * columns - 1) / ((long) rows + columns));
  }

  /** The first factor, {@code rows x rank}, row by row. */
  float[] left(int rank) {
    float[] values = new float[rows * rank];
    for (int i = 0; i < rows; i++) {
      for (int r = 0; r < rank; r++) {
        values[i * rank + r] = (float) left.get(i, r);
      }
    }
    return values;
  }

  /** The second factor, {@code rank x columns}, row by row. */
  float[] right(int rank) {
    float[] values = new float[rank * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) right.data[i];
    }
    return values;
  }
}
