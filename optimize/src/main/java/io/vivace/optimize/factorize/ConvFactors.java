package io.vivace.optimize.factorize;

import java.util.List;

/**
 * The weights of a convolution, {@code [outputs, inputs, height, width]}, as those of thinner
 * convolutions one after the other.
 */
final class ConvFactors {
  private ConvFactors() {}

  /**
   * Splits height from width (Jaderberg, Vedaldi and Zisserman, 2014, scheme 2).
   *
   * @return a convolution over the columns, {@code [rank, inputs, height, 1]}, and then one over
   *     the rows, {@code [outputs, rank, 1, width]}
   */
  static List<float[]> spatial(
      float[] weights, int outputs, int inputs, int height, int width, int rank) {
    LowRank low = columns(weights, outputs, inputs, height, width);
    return List.of(
        transposed(low.left(rank), inputs * height, rank),
        swapped(low.right(rank), rank, outputs, width));
  }

  /** The weights as a matrix of columns by rows of the image, decomposed. */
  static LowRank columns(float[] weights, int outputs, int inputs, int height, int width) {
    float[] matrix = new float[weights.length]; // [inputs height, outputs width]
    for (int o = 0, next = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        for (int y = 0; y < height; y++) {
          for (int x = 0; x < width; x++) {
            matrix[(i * height + y) * outputs * width + o * width + x] = weights[next++];
          }
        }
      }
    }
    return LowRank.of(matrix, inputs * height, outputs * width, null);
  }

  /** The weights unfolded by their input channels, decomposed. */
  static LowRank byInput(float[] weights, int outputs, int inputs, int pixels) {
    float[] swapped = swapped(weights, outputs, inputs, pixels);
    return LowRank.of(swapped, inputs, outputs * pixels, null);
  }

  /**
   * Splits channels from pixels: the leading singular vectors of both unfoldings by channel, and
   * the core that they leave (Tucker-2, as in Kim and others, 2016).
   */
  static List<float[]> tucker(
      float[] weights, int outputs, int inputs, int pixels, int inRank, int outRank) {
    double[] u = leading(weights, outputs, inputs * pixels, outRank);
    float[] byInput = swapped(weights, outputs, inputs, pixels);
    double[] v = leading(byInput, inputs, outputs * pixels, inRank);
    float[] core = new float[outRank * inRank * pixels];
    double[] half = new double[outRank * inputs * pixels];
    for (int o = 0; o < outputs; o++) {
      for (int r = 0; r < outRank; r++) {
        for (int j = 0; j < inputs * pixels; j++) {
          half[r * inputs * pixels + j] += u[o * outRank + r] * weights[o * inputs * pixels + j];
        }
      }
    }
    for (int r = 0; r < outRank; r++) {
      for (int s = 0; s < inRank; s++) {
        for (int p = 0; p < pixels; p++) {
          double sum = 0;
          for (int i = 0; i < inputs; i++) {
            sum += v[i * inRank + s] * half[(r * inputs + i) * pixels + p];
          }
          core[(r * inRank + s) * pixels + p] = (float) sum;
        }
      }
    }
    return List.of(transposed(narrow(v), inputs, inRank), core, narrow(u));
  }

  /** The first left singular vectors of a matrix, {@code [rows, rank]}. */
  private static double[] leading(float[] matrix, int rows, int columns, int rank) {
    LowRank low = LowRank.of(matrix, rows, columns, null);
    double[] singular = low.singularValues();
    float[] scaled = low.left(rank);
    double[] vectors = new double[scaled.length];
    for (int i = 0; i < vectors.length; i++) {
      double root = Math.sqrt(singular[i % rank]);
      vectors[i] = root > 0 ? scaled[i] / root : 0;
    }
    return vectors;
  }

  private static float[] narrow(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }

  private static float[] transposed(float[] matrix, int rows, int columns) {
    return swapped(matrix, rows, columns, 1);
  }

  /** {@code [a, b, c]} as {@code [b, a, c]}. */
  private static float[] swapped(float[] values, int a, int b, int c) {
    float[] swapped = new float[values.length];
    for (int i = 0; i < a; i++) {
      for (int j = 0; j < b; j++) {
        System.arraycopy(values, (i * b + j) * c, swapped, (j * a + i) * c, c);
      }
    }
    return swapped;
  }
}
