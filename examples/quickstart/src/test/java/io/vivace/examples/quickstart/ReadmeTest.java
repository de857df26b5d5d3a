package io.vivace.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.PartialResultException;
import io.vivace.core.Predictor;
import io.vivace.core.Preflight;
import io.vivace.core.codec.Classification;
import io.vivace.core.codec.ClassificationOutput;
import io.vivace.core.codec.EmbeddingOutput;
import io.vivace.core.codec.TextInput;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import io.vivace.engines.onnxruntime.OnnxRuntimeOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compiles and runs the code of the README: its Java blocks stand in this file line by line. */
class ReadmeTest {
  private static final Path README = Path.of("..", "..", "README.md");
  private static final Path SELF =
      Path.of("src", "test", "java", "io", "vivace", "examples", "quickstart", "ReadmeTest.java");

  @TempDir Path folder;

  @Test
  void javaBlocks_ofTheReadme_standInThisTest() throws IOException {
    List<String> own = Files.readAllLines(SELF).stream().map(String::strip).toList();
    List<String> shown = javaLines(Files.readAllLines(README));
    assertThat(shown).hasSizeGreaterThan(20);
    assertThat(own).containsAll(shown);
  }

  private static List<String> javaLines(List<String> readme) {
    List<String> lines = new ArrayList<>();
    boolean inside = false;
    for (String line : readme) {
      if (line.startsWith("```")) {
        inside = line.equals("```java");
      } else if (inside && !line.isBlank()) {
        lines.add(line.strip());
      }
    }
    return lines;
  }

  @Test
  void firstSnippet_runs() throws Exception {
    Path file = file("/io/vivace/examples/quickstart/fashion-cnn.onnx");
    float[] pixels = FashionClassifier.images().get(0).input();
    List<float[]> images = List.of(pixels, pixels);
    List<String> labels = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    try (Predictor<float[], Classification> predictor =
        Predictor.builder()
            .model(ModelSource.path(file))
            .input(VectorInput.floats(Shape.of(1, 28, 28)))
            .output(ClassificationOutput.softmax(labels))
            .build()) {
      Classification one = predictor.predict(pixels);
      List<Classification> many = predictor.predictAll(images);
      CompletableFuture<Classification> later = predictor.predictAsync(pixels);
      later.join(); // before the predictor is closed, or it fails with PredictorClosedException
      assertThat(one.label()).isEqualTo(many.get(1).label()).isEqualTo(later.get().label());
    }
  }

  @Test
  void embeddingSnippet_runs() throws Exception {
    Path model = file("/all-minilm-l6-v2.onnx");
    Path tokenizer = file("/all-minilm-l6-v2-tokenizer.json");
    try (Predictor<String, float[]> embedder =
        Predictor.builder()
            .model(ModelSource.path(model))
            .input(TextInput.tokenizer(tokenizer).maxLength(256))
            .output(EmbeddingOutput.meanPooled().normalized())
            .engine(OnnxRuntimeOptions.cpu().intraOpThreads(1))
            .build()) {
      float[] vector = embedder.predict("real-time inference in Java");
      assertThat(vector).hasSize(384);
    }
  }

  @Test
  void failureSnippet_runs() throws Exception {
    Path file = file("/io/vivace/examples/quickstart/fashion-cnn.onnx");
    float[] pixels = FashionClassifier.images().get(0).input();
    List<float[]> images = List.of(pixels, new float[3]);
    List<Integer> failed = new ArrayList<>();
    try (Predictor<float[], Classification> predictor =
        Predictor.builder()
            .model(ModelSource.path(file))
            .input(VectorInput.floats(Shape.of(1, 28, 28)))
            .output(
                ClassificationOutput.softmax(
                    List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j")))
            .build()) {
      try {
        predictor.predictAll(images);
      } catch (PartialResultException e) {
        e.outcomes().get(0).get();
        e.outcomes().get(1).error();
        for (int row : e.failedRows()) {
          failed.add(row);
        }
      }
    }
    assertThat(failed).containsExactly(1);
  }

  @Test
  void preflightSnippet_runs() {
    Logger log = LoggerFactory.getLogger(ReadmeTest.class);
    Preflight preflight = Preflight.run();
    log.info(preflight.toText());
    assertThat(preflight.isReady()).isTrue();
    assertThat(preflight.downloads()).isEmpty();
    assertThat(preflight.toText()).contains("OnnxRuntime", "PyTorch", "telemetry");
  }

  private Path file(String resource) throws IOException {
    Path file = folder.resolve(resource.substring(resource.lastIndexOf('/') + 1));
    try (InputStream in = ReadmeTest.class.getResourceAsStream(resource)) {
      Files.copy(Objects.requireNonNull(in, resource), file);
    }
    return file;
  }
}
