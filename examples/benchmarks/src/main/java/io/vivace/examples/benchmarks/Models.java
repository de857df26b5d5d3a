package io.vivace.examples.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/** Model files as the peers need them, and the rows that everybody is given. */
final class Models {
  static final String DIGITS_ONNX = "/io/vivace/engines/contract/digits-mlp.onnx";
  static final String DIGITS_TORCH = "/io/vivace/engines/contract/digits-mlp.pt";
  static final String FASHION_ONNX = "/io/vivace/examples/quickstart/fashion-cnn.onnx";
  static final String FASHION_TORCH = "/io/vivace/examples/quickstart/fashion-cnn.pt";
  static final String MINILM = "/all-minilm-l6-v2.onnx";
  static final String MINILM_TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";
  static final String TEXT_DIRECTION = "/models/ch_ppocr_mobile_v2.0_cls_infer.onnx";
  static final int DIGIT_PIXELS = 64;

  private static final Path FOLDER = folder();

  private Models() {}

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("vivace-benchmarks");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      System.err.println("could not delete " + folder + ": " + e);
    }
  }

  /** A class-path resource as a file. */
  static Path file(String resource) {
    Path file = FOLDER.resolve(resource.substring(resource.lastIndexOf('/') + 1));
    try (InputStream in = Models.class.getResourceAsStream(resource)) {
      if (Files.notExists(file)) {
        Files.copy(Objects.requireNonNull(in, resource), file, StandardCopyOption.REPLACE_EXISTING);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Rows that look like digits: whole numbers from 0 to 16, divided by 16. */
  static List<float[]> digits(int count) {
    Random random = new Random(42);
    return java.util.stream.Stream.generate(() -> digit(random)).limit(count).toList();
  }

  private static float[] digit(Random random) {
    float[] pixels = new float[DIGIT_PIXELS];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextInt(17) / 16f;
    }
    return pixels;
  }
}
