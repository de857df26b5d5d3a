package io.vivace.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.quantize.Quantization;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares sentence vectors over the 200 sentences of {@code sentences.txt}. */
class SentenceVectorTest {
  /** The published file without the types of values that it states, as strict mode writes it. */
  private static final long PUBLISHED_BYTES = 22_931_884;

  @TempDir Path folder;

  @Test
  void dynamicInt8_default_keepsSentenceVectors() {
    assertThat(cosine(Quantization.dynamicInt8())).isGreaterThanOrEqualTo(0.9975);
  }

  @Test
  void dynamicInt8_smoothed_keepsSentenceVectors() {
    Iterable<Map<String, Tensor>> samples = CompressionTest.sentences("calibration-tokens.txt");
    assertThat(cosine(Quantization.dynamicInt8().smoothed(samples))).isGreaterThanOrEqualTo(0.998);
    assertThat(folder.resolve("small.onnx").toFile().length()).isLessThanOrEqualTo(PUBLISHED_BYTES);
  }

  private double cosine(Quantization way) {
    Path target = folder.resolve("small.onnx");
    Compression.of(ModelSource.path(TestModels.file(TestModels.MINILM)))
        .quantize(way)
        .saveTo(target);
    return SentenceVectors.meanCosine(target, 0, 200);
  }
}
