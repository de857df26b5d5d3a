package io.vivace.core.spi;

import io.vivace.core.tensor.Tensor;

/** The operations of {@link NumericsCheck}, plainly, with sums in double precision. */
final class ReferenceMath {
  private ReferenceMath() {}

  static Tensor convolution(Tensor input, Tensor weights) {
    int rows = size(input, 0);
    int height = size(input, 2);
    int width = size(input, 3);
    int outputs = size(weights, 0);
    float[] x = input.toFloats();
    float[] w = weights.toFloats();
    float[] y = new float[rows * outputs * height * width];
    int next = 0;
    for (int row = 0; row < rows; row++) {
      for (int output = 0; output < outputs; output++) {
        for (int top = 0; top < height; top++) {
          for (int left = 0; left < width; left++) {
            y[next++] = (float) convolve(input, weights, x, w, new Place(row, output, top, left));
          }
        }
      }
    }
    return Tensor.of(y, rows, outputs, height, width);
  }

  /** One element of the result. */
  private record Place(int row, int output, int top, int left) {}

  private static double convolve(Tensor input, Tensor weights, float[] x, float[] w, Place place) {
    int channels = size(input, 1);
    int height = size(input, 2);
    int width = size(input, 3);
    int kernel = size(weights, 2);
    double sum = 0;
    for (int channel = 0; channel < channels; channel++) {
      int plane = (place.row * channels + channel) * height;
      int filter = (place.output * channels + channel) * kernel;
      for (int i = 0; i < kernel; i++) {
        int y = place.top + i - kernel / 2;
        for (int j = 0; j < kernel; j++) {
          int z = place.left + j - kernel / 2;
          if (y >= 0 && y < height && z >= 0 && z < width) {
            sum += (double) x[(plane + y) * width + z] * w[(filter + i) * kernel + j];
          }
        }
      }
    }
    return sum;
  }

  static Tensor product(Tensor left, Tensor right) {
    int rows = size(left, 0);
    int inner = size(left, 1);
    int columns = size(right, 1);
    float[] a = left.toFloats();
    float[] b = right.toFloats();
    float[] c = new float[rows * columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        double sum = 0;
        for (int i = 0; i < inner; i++) {
          sum += (double) a[row * inner + i] * b[i * columns + column];
        }
        c[row * columns + column] = (float) sum;
      }
    }
    return Tensor.of(c, rows, columns);
  }

  /** Small inputs: nothing is subtracted before the exponential. */
  static Tensor softmax(Tensor input) {
    int rows = size(input, 0);
    int columns = size(input, 1);
    float[] values = input.toFloats();
    for (int row = 0; row < rows; row++) {
      double sum = 0;
      for (int i = row * columns; i < (row + 1) * columns; i++) {
        sum += Math.exp(values[i]);
      }
      for (int i = row * columns; i < (row + 1) * columns; i++) {
        values[i] = (float) (Math.exp(values[i]) / sum);
      }
    }
    return Tensor.of(values, rows, columns);
  }

  static int size(Tensor tensor, int axis) {
    return (int) tensor.shape().dimension(axis);
  }
}
