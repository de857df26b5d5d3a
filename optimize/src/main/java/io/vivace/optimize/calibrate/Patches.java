package io.vivace.optimize.calibrate;

import io.vivace.core.model.Shape;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.PassContext;

/** The rows that a layer multiplies its weights with, summed up as their second moments. */
final class Patches {
  private final String key;
  private final int width;
  private final long[] kernel;
  private final long[] strides;
  private final long[] dilations;
  private final long[] pads;
  private final double[] sums;

  private Patches(
      String key, int width, long[] kernel, long[] strides, long[] dilations, long[] pads) {
    this.key = key + "/" + width;
    this.width = width;
    this.kernel = kernel;
    this.strides = strides;
    this.dilations = dilations;
    this.pads = pads;
    this.sums = new double[Math.multiplyExact(width, width)];
  }

  static Patches rows(Node node, int width) {
    return new Patches(node.input(0), width, new long[0], new long[0], new long[0], new long[0]);
  }

  static Patches images(Node node, Shape weight) {
    long[] kernel = {weight.dimension(2), weight.dimension(3)};
    long[] strides = node.integers("strides", 1, 1);
    long[] dilations = node.integers("dilations", 1, 1);
    long[] pads = node.integers("pads", 0, 0, 0, 0);
    int width = (int) (weight.elements() / Math.max(1, weight.dimension(0)));
    String key =
        node.input(0)
            + java.util.Arrays.toString(kernel)
            + java.util.Arrays.toString(strides)
            + java.util.Arrays.toString(dilations)
            + java.util.Arrays.toString(pads);
    return new Patches(key, width, kernel, strides, dilations, pads);
  }

  String key() {
    return key;
  }

  /** Adds the rows of one value. Each number of the sum is added up in the same order always. */
  void add(Tensor tensor, PassContext context) {
    float[] values = tensor.toFloats();
    float[] rows = kernel.length == 0 ? values : unfolded(values, tensor.shape());
    int count = rows.length / Math.max(1, width);
    context.forEach(
        width,
        i -> {
          for (int r = 0; r < count; r++) {
            double left = rows[r * width + i];
            if (left != 0) {
              int at = i * width;
              for (int j = i; j < width; j++) {
                sums[at + j] += left * rows[r * width + j];
              }
            }
          }
        });
  }

  /** Each window of each image as a row, channel by channel, as the weights lie. */
  private float[] unfolded(float[] values, Shape shape) {
    int images = (int) shape.dimension(0);
    int channels = (int) shape.dimension(1);
    int height = (int) shape.dimension(2);
    int wide = (int) shape.dimension(3);
    int rowsY = windows(height, 0);
    int rowsX = windows(wide, 1);
    float[] result = new float[images * rowsY * rowsX * width];
    int next = 0;
    for (int n = 0; n < images; n++) {
      for (int y = 0; y < rowsY; y++) {
        for (int x = 0; x < rowsX; x++) {
          for (int c = 0; c < channels; c++) {
            int from = (n * channels + c) * height * wide;
            for (int ky = 0; ky < kernel[0]; ky++) {
              int atY = (int) (y * strides[0] - pads[0] + ky * dilations[0]);
              for (int kx = 0; kx < kernel[1]; kx++) {
                int atX = (int) (x * strides[1] - pads[1] + kx * dilations[1]);
                boolean inside = atY >= 0 && atY < height && atX >= 0 && atX < wide;
                result[next++] = inside ? values[from + atY * wide + atX] : 0;
              }
            }
          }
        }
      }
    }
    return result;
  }

  private int windows(int size, int axis) {
    long span = (kernel[axis] - 1) * dilations[axis] + 1;
    return (int) ((size + pads[axis] + pads[axis + 2] - span) / strides[axis] + 1);
  }

  double[] moments() {
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < i; j++) {
        sums[i * width + j] = sums[j * width + i];
      }
    }
    return sums;
  }
}
