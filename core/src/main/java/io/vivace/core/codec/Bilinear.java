package io.vivace.core.codec;

/**
 * Resizes planes of bytes as Pillow's {@code Image.resize(size, BILINEAR)} does, to the bit.
 *
 * <p>Each output pixel is a weighted mean of the input pixels under a triangle, whose half width is
 * one pixel when enlarging and {@code in / out} pixels when shrinking, so that no input pixel is
 * skipped. With {@code s = max(in / out, 1)} and the centre {@code c = (x + 0.5) * in / out}, input
 * pixel {@code i} weighs {@code max(0, 1 - |i + 0.5 - c| / s)}, divided by the sum of the weights.
 * First along rows, then along columns; weights are fixed-point numbers of 22 bits, and each pass
 * rounds to a byte, half up.
 */
final class Bilinear {
  private static final int BITS = 22;
  private static final int HALF = 1 << (BITS - 1);

  /** For each output pixel its first input pixel. */
  private final int[] starts;

  /** For each output pixel the weights of the input pixels from the first on. */
  private final int[][] weights;

  private Bilinear(int in, int out) {
    starts = new int[out];
    weights = new int[out][];
    double ratio = (double) in / out;
    double reach = Math.max(ratio, 1);
    for (int x = 0; x < out; x++) {
      double centre = (x + 0.5) * ratio;
      int from = Math.max(0, (int) (centre - reach + 0.5));
      int to = Math.min(in, (int) (centre + reach + 0.5));
      starts[x] = from;
      weights[x] = triangle(from, to, centre, reach);
    }
  }

  private static int[] triangle(int from, int to, double centre, double reach) {
    double[] raw = new double[to - from];
    double sum = 0;
    for (int i = 0; i < raw.length; i++) {
      double distance = Math.abs((from + i - centre + 0.5) / reach);
      raw[i] = Math.max(0, 1 - distance);
      sum += raw[i];
    }
    int[] fixed = new int[raw.length];
    for (int i = 0; i < raw.length; i++) {
      fixed[i] = (int) (raw[i] / sum * (1 << BITS) + 0.5);
    }
    return fixed;
  }

  /** Resizes; gives the same object back where the size is right already. */
  static Pixels resize(Pixels image, int width, int height) {
    Pixels wide = width == image.width() ? image : rows(image, width);
    return height == image.height() ? wide : columns(wide, height);
  }

  private static Pixels rows(Pixels in, int width) {
    Bilinear kernel = new Bilinear(in.width(), width);
    int channels = in.channels();
    Pixels out = new Pixels(width, in.height(), channels);
    int target = 0;
    for (int y = 0; y < in.height(); y++) {
      int row = y * in.width() * channels;
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < channels; c++) {
          int start = row + kernel.starts[x] * channels + c;
          out.samples()[target++] = mean(in.samples(), start, channels, kernel.weights[x]);
        }
      }
    }
    return out;
  }

  private static Pixels columns(Pixels in, int height) {
    Bilinear kernel = new Bilinear(in.height(), height);
    int stride = in.width() * in.channels();
    Pixels out = new Pixels(in.width(), height, in.channels());
    int target = 0;
    for (int y = 0; y < height; y++) {
      int start = kernel.starts[y] * stride;
      for (int i = 0; i < stride; i++) {
        out.samples()[target++] = mean(in.samples(), start + i, stride, kernel.weights[y]);
      }
    }
    return out;
  }

  private static byte mean(byte[] samples, int start, int step, int[] weights) {
    int sum = HALF;
    int at = start;
    for (int weight : weights) {
      sum += (samples[at] & 0xff) * weight;
      at += step;
    }
    return (byte) Math.min(255, sum >> BITS);
  }
}
