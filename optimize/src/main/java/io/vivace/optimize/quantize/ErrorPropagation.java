package io.vivace.optimize.quantize;

import java.util.Arrays;

/**
 * Rounds the rows of a matrix one after the other and corrects those that follow for the error
 * (Frantar and others, 2022, "GPTQ", algorithm 1), each column for itself.
 *
 * <pre>{@code
 * H = X^T X + damping * mean(diag(X^T X)) * I,  H^-1 = U^T U with U upper triangular
 * error = (w[i] - rounded(w[i])) / U[i][i],  w[j] -= error * U[i][j] for all j > i
 * }</pre>
 */
final class ErrorPropagation {
  private static final double DAMPING = 0.01;

  private ErrorPropagation() {}

  static BlockMatrix round(Columns weights, ChannelMoments moments, BlockFormat format) {
    int rows = weights.rows();
    float[] upper = UpperFactor.ofInverse(moments, DAMPING);
    float[] importance = moments.diagonal();
    BlockMatrix result = new BlockMatrix(rows, weights.count(), format);
    float[] column = new float[rows];
    BlockGrid grid = format.grid();
    for (int c = 0; c < weights.count(); c++) {
      System.arraycopy(weights.values(), c * rows, column, 0, rows);
      for (int i = 0; i < rows; i++) {
        if (i % format.blockSize() == 0) {
          int count = Math.min(format.blockSize(), rows - i);
          float[] counts =
              format.fitted() ? Arrays.copyOfRange(importance, i, i + count) : new float[0];
          grid.fit(column, i, count, counts);
          result.block(c, i / format.blockSize(), grid);
        }
        int code = grid.code(column[i]);
        result.code(c, i, code);
        correct(column, upper, i, (column[i] - grid.value(code)) / upper[i * rows + i]);
      }
    }
    return result;
  }

  private static void correct(float[] column, float[] upper, int i, float error) {
    int offset = i * column.length;
    for (int j = i + 1; j < column.length; j++) {
      column[j] -= error * upper[offset + j];
    }
  }
}
