package io.vivace.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.spi.EngineProvider;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.quantize.Quantization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares sentence vectors over the 200 sentences of {@code sentences.txt}. */
class SentenceVectorTest {
  private static final int WIDTH = 384;
  private static final long PUBLISHED_BYTES = 22_972_370;

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
    Path original = TestModels.file(TestModels.MINILM);
    Compression.of(ModelSource.path(original)).quantize(way).saveTo(target);
    List<float[]> wanted = vectors(original);
    List<float[]> found = vectors(target);
    double sum = 0;
    for (int i = 0; i < wanted.size(); i++) {
      sum += cosine(wanted.get(i), found.get(i));
    }
    assertThat(wanted).hasSize(200);
    return sum / wanted.size();
  }

  private static List<float[]> vectors(Path model) {
    EngineProvider engine = ServiceLoader.load(EngineProvider.class).iterator().next();
    ModelArtifact artifact = ModelArtifact.of("model", model, ModelFormat.ONNX);
    List<float[]> vectors = new ArrayList<>();
    try (LoadedModel loaded = engine.open(artifact, engine.defaultOptions());
        ExecutionContext context = loaded.newContext()) {
      for (Map<String, Tensor> sentence : CompressionTest.sentences()) {
        List<TensorSpec> specs =
            loaded.signature().inputs().stream()
                .map(input -> TensorSpec.of(input.name(), input.type(), shape(sentence, input)))
                .toList();
        List<Tensor> buffers = context.prepare(specs);
        for (int i = 0; i < buffers.size(); i++) {
          buffers.get(i).data().put(sentence.get(specs.get(i).name()).data());
        }
        vectors.add(mean(context.run().get(0).toFloats()));
      }
    }
    return vectors;
  }

  private static long[] shape(Map<String, Tensor> sentence, TensorSpec input) {
    return sentence.get(input.name()).shape().toArray();
  }

  private static float[] mean(float[] tokens) {
    float[] mean = new float[WIDTH];
    for (int i = 0; i < tokens.length; i++) {
      mean[i % WIDTH] += tokens[i];
    }
    return mean;
  }

  private static double cosine(float[] x, float[] y) {
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (double) x[i] * y[i];
      xx += (double) x[i] * x[i];
      yy += (double) y[i] * y[i];
    }
    return xy / Math.sqrt(xx * yy);
  }
}
