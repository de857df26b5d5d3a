package io.vivace.optimize.quantize;

import io.vivace.optimize.graph.Weight;
import java.util.List;

/**
 * The squared error of products of a layer normalization's output when both are quantized, as
 * expected from its scale g and shift b alone: channel k is taken for normally distributed with
 * mean b[k] and deviation g[k]. With factors s of the channels, rounding errors that are evenly
 * distributed and independent, and scales per column of the weights W:
 *
 * <pre>{@code
 * step = 2 * max over k of ((|b[k]| + 3 |g[k]|) / s[k]) / 255
 * step[j] = max over k of |W[k][j] s[k]| / 127
 * error = step^2 * sum (W[k][j] s[k])^2
 *         + sum over j of step[j]^2 * sum over k of (b[k]^2 + g[k]^2) / s[k]^2
 * }</pre>
 *
 * <p>A rounding error has a twelfth of the squared step; errors are only compared, so it is left
 * out.
 */
final class ExpectedError {
  private static final int DEVIATIONS = 3;
  private static final double ACTIVATION_LEVELS = 255;
  private static final double WEIGHT_LEVELS = 127;

  private final float[] largest;
  private final double[] power;
  private final List<Matrix> matrices;
  private final float[] largestWeights;

  /** The absolute values of a weight, and the sum of the squares of each row. */
  private static final class Matrix {
    private final float[] values;
    private final double[] squares;

    Matrix(float[] values, double[] squares) {
      this.values = values;
      this.squares = squares;
    }
  }

  ExpectedError(float[] scale, float[] shift, List<Weight> weights) {
    int width = scale.length;
    this.largest = new float[width];
    this.power = new double[width];
    for (int k = 0; k < width; k++) {
      largest[k] = Math.abs(shift[k]) + DEVIATIONS * Math.abs(scale[k]);
      power[k] = (double) shift[k] * shift[k] + (double) scale[k] * scale[k];
    }
    this.largestWeights = new float[width];
    this.matrices = weights.stream().map(weight -> matrix(weight.floats())).toList();
  }

  private Matrix matrix(float[] values) {
    int columns = values.length / largest.length;
    double[] squares = new double[largest.length];
    for (int k = 0; k < squares.length; k++) {
      for (int i = k * columns; i < (k + 1) * columns; i++) {
        values[i] = Math.abs(values[i]);
        squares[k] += values[i] * values[i];
        largestWeights[k] = Math.max(largestWeights[k], values[i]);
      }
    }
    return new Matrix(values, squares);
  }

  /** The factors of an alpha, with a geometric mean of 1. */
  float[] scales(double alpha) {
    return Smoothing.scales(alpha, largest, largestWeights);
  }

  /** The sum over the weights, each relative to the expected squared product. */
  double of(float[] scales) {
    double highest = 0;
    double inputs = 0;
    for (int k = 0; k < scales.length; k++) {
      highest = Math.max(highest, largest[k] / scales[k]);
      inputs += power[k] / ((double) scales[k] * scales[k]);
    }
    double step = 2 * highest / ACTIVATION_LEVELS;
    double error = 0;
    for (Matrix matrix : matrices) {
      error += of(matrix, scales, step * step, inputs);
    }
    return error;
  }

  private double of(Matrix matrix, float[] scales, double step, double inputs) {
    float[] values = matrix.values;
    float[] largestOfColumn = new float[values.length / scales.length];
    double squares = 0;
    double product = 0;
    for (int k = 0; k < scales.length; k++) {
      float scale = scales[k];
      int at = k * largestOfColumn.length;
      for (int j = 0; j < largestOfColumn.length; j++) {
        largestOfColumn[j] = Math.max(largestOfColumn[j], values[at + j] * scale);
      }
      squares += matrix.squares[k] * scale * scale;
      product += matrix.squares[k] * power[k];
    }
    double steps = 0;
    for (float each : largestOfColumn) {
      steps += (each / WEIGHT_LEVELS) * (each / WEIGHT_LEVELS);
    }
    return product > 0 ? (step * squares + steps * inputs) / product : 0;
  }
}
