package io.vivace.optimize;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;

/** Real ONNX files on the class path, copied to the build folder once. */
public final class TestModels {
  public static final String MINILM = "/all-minilm-l6-v2.onnx";
  public static final String CLASSIFIER = "/models/ch_ppocr_mobile_v2.0_cls_infer.onnx";
  public static final String DETECTOR = "/models/ch_PP-OCRv4_det_infer.onnx";
  public static final String RECOGNIZER = "/models/ch_PP-OCRv4_rec_infer.onnx";
  public static final String FASHION = "/io/vivace/optimize/fashion-cnn.onnx";
  public static final String DIGITS = "/io/vivace/core/model/digits-mlp.onnx";
  public static final List<String> ALL = List.of(FASHION, CLASSIFIER, DETECTOR, RECOGNIZER, MINILM);

  private TestModels() {}

  public static Path file(String resource) {
    Path file = Path.of("target", "models", resource.substring(resource.lastIndexOf('/') + 1));
    try (InputStream in = TestModels.class.getResourceAsStream(resource)) {
      if (Files.notExists(file)) {
        Files.createDirectories(file.getParent());
        Path part = Files.createTempFile(file.getParent(), "copy", ".part");
        Files.copy(Objects.requireNonNull(in, resource), part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
