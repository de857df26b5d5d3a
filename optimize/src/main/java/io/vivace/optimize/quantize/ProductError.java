package io.vivace.optimize.quantize;

import io.vivace.optimize.graph.Weight;
import java.util.Arrays;
import java.util.List;

/**
 * The squared error of a product when activation and weights are quantized as {@link
 * DynamicRewriter} does it, on rows of the activation, relative to the squared product of each
 * weight.
 */
final class ProductError {
  private static final float LEVELS = 255;

  private final ActivationRows rows;
  private final int width;
  private final List<Matrix> matrices;
  private final float[] largestWeights;

  /** A weight, the exact products with all rows, and the sum of their squares. */
  private static final class Matrix {
    private final float[] values;
    private final int columns;
    private final float[] products;
    private final double power;

    Matrix(float[] values, int columns, float[] products, double power) {
      this.values = values;
      this.columns = columns;
      this.products = products;
      this.power = power;
    }
  }

  ProductError(ActivationRows rows, List<Weight> weights) {
    this.rows = rows;
    this.width = rows.width();
    this.largestWeights = new float[width];
    float[][] exact =
        rows.parts().stream().flatMap(p -> Arrays.stream(p.rows())).toArray(float[][]::new);
    this.matrices = weights.stream().map(weight -> matrix(weight, exact)).toList();
    for (Matrix matrix : matrices) {
      for (int i = 0; i < matrix.values.length; i++) {
        int row = i / matrix.columns;
        largestWeights[row] = Math.max(largestWeights[row], Math.abs(matrix.values[i]));
      }
    }
  }

  private static Matrix matrix(Weight weight, float[][] exact) {
    int columns = Math.toIntExact(weight.shape().dimension(1));
    float[] values = weight.floats();
    float[] products = multiply(exact, values, columns);
    double power = 0;
    for (float product : products) {
      power += (double) product * product;
    }
    return new Matrix(values, columns, products, power);
  }

  int width() {
    return width;
  }

  /** The scales of an alpha, with a geometric mean of 1. */
  float[] scales(double alpha) {
    float[] largest = new float[width];
    for (int i = 0; i < width; i++) {
      largest[i] = rows.largest(i);
    }
    return Smoothing.scales(alpha, largest, largestWeights);
  }

  double of(float[] scales) {
    float[][] activations =
        rows.parts().stream()
            .flatMap(part -> Arrays.stream(quantized(part, scales)))
            .toArray(float[][]::new);
    double error = 0;
    for (Matrix matrix : matrices) {
      float[] found = multiply(activations, quantized(matrix, scales), matrix.columns);
      double sum = 0;
      for (int i = 0; i < found.length; i++) {
        double difference = found[i] - matrix.products[i];
        sum += difference * difference;
      }
      error += matrix.power > 0 ? sum / matrix.power : 0;
    }
    return error;
  }

  private float[][] quantized(ActivationRows.Part part, float[] scales) {
    float[][] result = new float[part.rows().length][];
    float low = 0;
    float high = 0;
    for (int i = 0; i < width; i++) {
      low = Math.min(low, part.lowest(i) / scales[i]);
      high = Math.max(high, part.highest(i) / scales[i]);
    }
    float step = Math.max((high - low) / LEVELS, 1e-30f);
    float zero = (float) Math.rint(-low / step);
    for (int i = 0; i < result.length; i++) {
      float[] row = part.rows()[i].clone();
      for (int k = 0; k < width; k++) {
        double integer = Math.rint(row[k] / scales[k] / step) + zero;
        row[k] = (float) (Math.max(0, Math.min(LEVELS, integer)) - zero) * step;
      }
      result[i] = row;
    }
    return result;
  }

  /** Scales of columns as {@link PairRange} finds them. */
  private float[] quantized(Matrix matrix, float[] scales) {
    int columns = matrix.columns;
    float[] values = matrix.values.clone();
    for (int i = 0; i < values.length; i++) {
      values[i] *= scales[i / columns];
    }
    float[] step = new float[columns];
    for (int row = 0; row < width; row += 2) {
      for (int j = 0; j < columns; j++) {
        float a = values[row * columns + j];
        float b = row + 1 < width ? values[(row + 1) * columns + j] : 0;
        float up = Math.max(a, 0) + Math.max(b, 0);
        float down = Math.min(a, 0) + Math.min(b, 0);
        step[j] = Math.max(step[j], Math.max(up, -down));
      }
    }
    for (int j = 0; j < columns; j++) {
      step[j] = step[j] == 0 ? 1 : step[j] / 127;
    }
    for (int i = 0; i < values.length; i++) {
      float scale = step[i % columns];
      values[i] = (float) Math.rint(values[i] / scale) * scale;
    }
    return values;
  }

  private static float[] multiply(float[][] left, float[] right, int columns) {
    float[] result = new float[left.length * columns];
    for (int i = 0; i < left.length; i++) {
      int at = i * columns;
      for (int k = 0; k < left[i].length; k++) {
        float factor = left[i][k];
        int row = k * columns;
        for (int j = 0; j < columns; j++) {
          result[at + j] += factor * right[row + j];
        }
      }
    }
    return result;
  }
}
