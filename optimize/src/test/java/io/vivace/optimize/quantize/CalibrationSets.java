package io.vivace.optimize.quantize;

import io.vivace.core.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** The images beside the golden files, as inputs of their models. */
final class CalibrationSets {
  private CalibrationSets() {}

  /** Images of Fashion-MNIST: pixels / 255. */
  static List<Map<String, Tensor>> fashion(String set, int from, int to) {
    byte[] pixels = read(set);
    List<Map<String, Tensor>> samples = new ArrayList<>();
    for (int i = from; i < to; i++) {
      float[] values = new float[784];
      for (int j = 0; j < values.length; j++) {
        values[j] = (pixels[16 + i * 784 + j] & 255) / 255f;
      }
      samples.add(Map.of("input", Tensor.of(values, 1, 1, 28, 28)));
    }
    return samples;
  }

  /** Lines of text: (pixel / 255 - 0.5) / 0.5 in three equal channels. */
  static List<Map<String, Tensor>> lines(int from, int to) {
    byte[] pixels = read("text-lines-images");
    int size = 48 * 192;
    List<Map<String, Tensor>> samples = new ArrayList<>();
    for (int i = from; i < to; i++) {
      float[] values = new float[3 * size];
      for (int j = 0; j < values.length; j++) {
        values[j] = ((pixels[16 + i * size + j % size] & 255) / 255f - 0.5f) / 0.5f;
      }
      samples.add(Map.of("x", Tensor.of(values, 1, 3, 48, 192)));
    }
    return samples;
  }

  static int[] labels(String set) {
    byte[] bytes = read(set);
    int[] labels = new int[ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN).getInt(4)];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = bytes[8 + i];
    }
    return labels;
  }

  private static byte[] read(String set) {
    try (InputStream in = CalibrationSets.class.getResourceAsStream(set + ".idx.gz");
        InputStream idx = new GZIPInputStream(Objects.requireNonNull(in, set))) {
      return idx.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
