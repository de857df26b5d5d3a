package io.vivace.core.codec;

import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Maps a byte to {@code (value * scale - mean) / std}.
 *
 * @param scale the factor
 * @param mean one value per channel
 * @param std one value per channel
 */
record Normalization(double scale, List<Double> mean, List<Double> std) {
  Normalization {
    checkFinite("scale", DoubleStream.of(scale));
    checkFinite("mean", mean.stream().mapToDouble(Double::doubleValue));
    checkFinite("std", std.stream().mapToDouble(Double::doubleValue));
    if (std.stream().anyMatch(value -> value <= 0)) {
      throw new IllegalArgumentException("std must be above 0, but was " + std);
    }
  }

  private static void checkFinite(String name, DoubleStream values) {
    values
        .filter(value -> !Double.isFinite(value))
        .findFirst()
        .ifPresent(
            value -> {
              throw new IllegalArgumentException(name + " must be finite, but was " + value);
            });
  }

  /** The usual start: to [0, 1]. */
  static Normalization unit(int channels) {
    return new Normalization(
        1 / 255.0, Collections.nCopies(channels, 0.0), Collections.nCopies(channels, 1.0));
  }

  Normalization scale(double value) {
    return new Normalization(value, mean, std);
  }

  Normalization mean(double... values) {
    return new Normalization(scale, perChannel("mean", values), std);
  }

  Normalization std(double... values) {
    return new Normalization(scale, mean, perChannel("std", values));
  }

  private List<Double> perChannel(String name, double... values) {
    int channels = mean.size();
    if (values.length == 1) {
      return Collections.nCopies(channels, values[0]);
    }
    if (values.length != channels) {
      throw new IllegalArgumentException(
          String.format(
              "%s takes 1 value, or %d, one per channel, but found %d",
              name, channels, values.length));
    }
    return DoubleStream.of(values).boxed().toList();
  }

  /** The results for all 256 bytes, per channel. */
  float[][] table() {
    float[][] table = new float[mean.size()][256];
    for (int c = 0; c < table.length; c++) {
      for (int value = 0; value < 256; value++) {
        table[c][value] = (float) ((value * scale - mean.get(c)) / std.get(c));
      }
    }
    return table;
  }

  @Override
  public String toString() {
    return "scale=" + scale + ", mean=" + mean + ", std=" + std;
  }
}
