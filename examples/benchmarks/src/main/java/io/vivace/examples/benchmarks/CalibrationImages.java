package io.vivace.examples.benchmarks;

import io.vivace.core.data.IdxArray;
import io.vivace.core.tensor.Tensor;
import io.vivace.examples.quickstart.Quickstart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Images as inputs of the networks that are quantized.
 *
 * <p>The system property {@code vivace.fashion} names a folder with {@code
 * t10k-images-idx3-ubyte.gz} and {@code t10k-labels-idx1-ubyte.gz} of Fashion-MNIST; without it the
 * first 2,000 of these images are used.
 */
final class CalibrationImages {
  private static final String FOLDER = System.getProperty("vivace.fashion", "");

  private CalibrationImages() {}

  /** The first training images of Fashion-MNIST. */
  static List<Map<String, Tensor>> fashion() throws IOException {
    return fashion(resource(CalibrationImages.class, "fashion-calibration-images.idx.gz"));
  }

  static List<Map<String, Tensor>> fashionTest() throws IOException {
    return fashion(test("images-idx3-ubyte.gz"));
  }

  static int[] fashionTestLabels() throws IOException {
    IdxArray labels = test("labels-idx1-ubyte.gz");
    int[] result = new int[labels.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = (int) labels.floats(i)[0];
    }
    return result;
  }

  private static IdxArray test(String name) throws IOException {
    return FOLDER.isEmpty()
        ? resource(Quickstart.class, name)
        : IdxArray.read(Path.of(FOLDER, "t10k-" + name));
  }

  private static List<Map<String, Tensor>> fashion(IdxArray images) {
    List<Map<String, Tensor>> samples = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      float[] pixels = images.floats(i);
      for (int j = 0; j < pixels.length; j++) {
        pixels[j] /= 255;
      }
      samples.add(Map.of("input", Tensor.of(pixels, 1, 1, 28, 28)));
    }
    return samples;
  }

  /** Lines of text, half of them upside down, in three equal channels from -1 to 1. */
  static List<Map<String, Tensor>> lines() throws IOException {
    IdxArray images = resource(CalibrationImages.class, "text-lines-images.idx.gz");
    List<Map<String, Tensor>> samples = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      float[] pixels = images.floats(i);
      float[] values = new float[3 * pixels.length];
      for (int j = 0; j < values.length; j++) {
        values[j] = (pixels[j % pixels.length] / 255 - 0.5f) / 0.5f;
      }
      samples.add(Map.of("x", Tensor.of(values, 1, 3, 48, 192)));
    }
    return samples;
  }

  private static IdxArray resource(Class<?> beside, String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(beside.getResourceAsStream(name), name)) {
      return IdxArray.read(in, name);
    }
  }
}
