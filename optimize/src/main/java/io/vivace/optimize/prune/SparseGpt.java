package io.vivace.optimize.prune;

import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.PassContext;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * Prunes a matrix from left to right, and makes the weights right of a pruned one carry what it
 * did, by the inverse of the second moments (Frantar and Alistarh, 2023, algorithm 1). Each output
 * is a row.
 */
final class SparseGpt {
  private static final int BLOCK = 128;

  /**
   * Ten times the paper's: with some hundred sentences of a small encoder this keeps more of it.
   */
  private static final double DAMPING = 0.1;

  private final float[] weights;
  private final int inputs;
  private final int outputs;
  private final double[] work;
  private final double[] upper;
  private final boolean[] zero;
  private final PassContext context;

  /**
   * Prepares a matrix.
   *
   * @param weights one row per output; changed in place
   * @param moments of the inputs, left as they are
   */
  SparseGpt(float[] weights, int inputs, double[] moments, PassContext context) {
    this.weights = weights;
    this.inputs = inputs;
    this.outputs = weights.length / inputs;
    this.context = context;
    this.work = new double[weights.length];
    this.zero = new boolean[weights.length];
    for (int i = 0; i < work.length; i++) {
      work[i] = weights[i];
      zero[i] = weights[i] == 0 || moments[i % inputs * (inputs + 1)] == 0;
    }
    this.upper = inverseRoot(moments, inputs);
  }

  /** The upper triangle {@code U} of the inverse moments, {@code inverse = U'U}. */
  private static double[] inverseRoot(double[] moments, int size) {
    DMatrixRMaj matrix = new DMatrixRMaj(size, size, true, moments.clone());
    double mean = 0;
    for (int i = 0; i < size; i++) {
      if (matrix.get(i, i) == 0) {
        matrix.set(i, i, 1);
      }
      mean += matrix.get(i, i) / size;
    }
    for (int i = 0; i < size; i++) {
      matrix.add(i, i, DAMPING * mean);
    }
    CholeskyDecomposition_F64<DMatrixRMaj> cholesky = DecompositionFactory_DDRM.chol(size, false);
    DMatrixRMaj inverse = new DMatrixRMaj(size, size);
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(size);
    boolean solved = solver.setA(matrix);
    if (solved) {
      solver.invert(inverse);
    }
    if (!solved || !cholesky.decompose(inverse)) {
      throw new GraphException(
          "the second moments of a layer's inputs cannot be inverted: are inputs NaN or infinite?");
    }
    return cholesky.getT(null).data;
  }

  /**
   * Prunes.
   *
   * @param sparsity the share that goes, where group is 0
   * @param kept of each group, where there are groups
   * @param group neighbours of a row; 0 for none
   */
  void prune(double sparsity, int kept, int group) {
    int width = group == 0 ? BLOCK : BLOCK / group * group;
    for (int from = 0; from < inputs; from += width) {
      int start = from;
      int end = Math.min(inputs, from + width);
      if (group == 0) {
        choose(start, end, sparsity);
      }
      context.forEach(outputs, row -> prune(row, start, end, kept, group));
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] = zero[i] ? 0 : (float) work[i];
    }
  }

  private double score(int row, int column) {
    double root = upper[column * inputs + column];
    double value = work[row * inputs + column];
    return zero[row * inputs + column] ? -1 : value * value / (root * root);
  }

  /** Over all rows of a block, so that rows that need more keep more. */
  private void choose(int start, int end, double sparsity) {
    int width = end - start;
    float[] scores = new float[outputs * width];
    for (int row = 0; row < outputs; row++) {
      for (int j = 0; j < width; j++) {
        scores[row * width + j] = (float) score(row, start + j);
      }
    }
    boolean[] mask = Importance.largest(scores, sparsity);
    for (int i = 0; i < mask.length; i++) {
      zero[i / width * inputs + start + i % width] |= !mask[i];
    }
  }

  private void prune(int row, int start, int end, int kept, int group) {
    for (int column = start; column < end; column++) {
      if (group > 0 && (column - start) % group == 0) {
        chooseGroup(row, column, Math.min(end, column + group), kept, group);
      }
      int at = row * inputs + column;
      if (zero[at] && work[at] != 0) {
        double error = work[at] / upper[column * inputs + column];
        for (int j = column; j < inputs; j++) {
          work[row * inputs + j] -= error * upper[column * inputs + j];
        }
        work[at] = 0;
      }
    }
  }

  private void chooseGroup(int row, int start, int end, int kept, int group) {
    float[] scores = new float[end - start];
    for (int j = 0; j < scores.length; j++) {
      scores[j] = (float) score(row, start + j);
    }
    boolean[] mask = Importance.nOfM(scores, scores.length, kept, group);
    for (int j = 0; j < scores.length; j++) {
      zero[row * inputs + start + j] |= !mask[j];
    }
  }
}
