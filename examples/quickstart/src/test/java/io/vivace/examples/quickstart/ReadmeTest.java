package io.vivace.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vivace.core.CallOptions;
import io.vivace.core.DeadlineExceededException;
import io.vivace.core.EngineException;
import io.vivace.core.Overflow;
import io.vivace.core.OverloadedException;
import io.vivace.core.PartialResultException;
import io.vivace.core.Predictor;
import io.vivace.core.Preflight;
import io.vivace.core.codec.Classification;
import io.vivace.core.codec.ClassificationOutput;
import io.vivace.core.codec.EmbeddingOutput;
import io.vivace.core.codec.Prediction;
import io.vivace.core.codec.TextInput;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import io.vivace.core.observe.FlightRecorderEvents;
import io.vivace.core.observe.Health;
import io.vivace.core.observe.HealthMonitor;
import io.vivace.core.observe.MicrometerMetrics;
import io.vivace.core.serve.CircuitBreakerOptions;
import io.vivace.core.serve.FallbackPredictor;
import io.vivace.core.serve.SwappablePredictor;
import io.vivace.core.testing.StubModel;
import io.vivace.core.testing.StubPredictor;
import io.vivace.engines.onnxruntime.OnnxRuntimeOptions;
import io.vivace.optimize.Compression;
import io.vivace.optimize.CompressionReport;
import io.vivace.optimize.Quality;
import io.vivace.optimize.quantize.Quantization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiles and runs the code of the README: its Java blocks stand line by line in this file, in
 * {@link ReadmeCompressionTest} and {@link ReadmeTrainingTest}, or, on evaluation, in the file of
 * the same name of {@code examples/evaluate}.
 */
class ReadmeTest {
  private static final Path README = Path.of("..", "..", "README.md");
  private static final List<Path> TESTS =
      List.of(
          test("quickstart", "ReadmeTest"),
          test("quickstart", "ReadmeCompressionTest"),
          test("quickstart", "ReadmeTrainingTest"),
          test("evaluate", "ReadmeTest"),
          test("benchmarks", "TrainerSearchTest"));

  private static final List<String> LABELS =
      List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
  private static final Logger log = LoggerFactory.getLogger(ReadmeTest.class);

  @TempDir Path folder;

  private final List<float[]> originals = new ArrayList<>();

  @Test
  void javaBlocks_ofTheReadme_standInThisTest() throws IOException {
    List<String> own = new ArrayList<>();
    for (Path test : TESTS) {
      Files.readAllLines(test).forEach(line -> own.add(line.strip()));
    }
    List<String> shown = javaLines(Files.readAllLines(README));
    assertThat(shown).hasSizeGreaterThan(20);
    assertThat(own).containsAll(shown);
  }

  private static Path test(String example, String type) {
    return Path.of("..", example, "src/test/java/io/vivace/examples", example, type + ".java");
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
    Preflight preflight = Preflight.run();
    log.info(preflight.toText());
    assertThat(preflight.isReady()).isTrue();
    assertThat(preflight.downloads()).isEmpty();
    assertThat(preflight.toText()).contains("OnnxRuntime", "PyTorch", "telemetry");
  }

  @Test
  void deadlineSnippet_runs() throws Exception {
    Path file = file("/io/vivace/examples/quickstart/fashion-cnn.onnx");
    float[] pixels = FashionClassifier.images().get(0).input();
    Classification unknown = new Classification(List.of(new Prediction("unknown", 10, 1)));
    MeterRegistry registry = new SimpleMeterRegistry();
    HealthMonitor monitor = HealthMonitor.standard();
    Classification answer;
    try (Predictor<float[], Classification> predictor =
        Predictor.builder()
            .model(ModelSource.path(file))
            .input(VectorInput.floats(Shape.of(1, 28, 28)))
            .output(ClassificationOutput.softmax(LABELS))
            .deadline(Duration.ofMillis(50))
            .maxPending(1_000)
            .overflow(Overflow.reject())
            .listener(new MicrometerMetrics(registry).and(monitor).and(new FlightRecorderEvents()))
            .build()) {
      predictor.predict(pixels, CallOptions.within(Duration.ofSeconds(20)).priority(5));
      try {
        answer = predictor.predict(pixels);
      } catch (OverloadedException | DeadlineExceededException e) {
        answer = unknown; // e.isRetryable() is true
      }
      Health health = monitor.health();
      log.info(
          "ready {}, degraded: {}, serving {}",
          health.isReady(),
          health.degraded(),
          health.models());
      assertThat(health.isReady()).isTrue();
      assertThat(health.models().get(0).engine()).isEqualTo("OnnxRuntime");
    }
    assertThat(answer).isNotNull();
    assertThat(registry.get("vivace.total").timer().count()).isPositive();
  }

  @Test
  void fallbackSnippet_runs() {
    StubPredictor<float[], Classification> predictor =
        StubPredictor.failing(() -> new OverloadedException("busy"));
    float[] pixels = new float[784];
    Classification unknown = new Classification(List.of(new Prediction("unknown", 10, 1)));
    try (FallbackPredictor<float[], Classification> safe =
        FallbackPredictor.of(predictor)
            .value(unknown)
            .circuitBreaker(CircuitBreakerOptions.defaults())
            .build()) {
      assertThat(safe.predict(pixels)).isEqualTo(unknown);
    }
  }

  @Test
  void swapSnippet_runs() throws Exception {
    Path file = file("/io/vivace/examples/quickstart/fashion-cnn.onnx");
    Path better = folder.resolve("better.onnx");
    Files.copy(file, better);
    float[] pixels = FashionClassifier.images().get(0).input();
    try (SwappablePredictor<float[], Classification> predictor =
        Predictor.builder()
            .model(ModelSource.path(file))
            .input(VectorInput.floats(Shape.of(1, 28, 28)))
            .output(ClassificationOutput.softmax(LABELS))
            .buildSwappable()) {
      predictor.predict(pixels); // answered by version 1
      predictor.swap(ModelSource.path(better)); // others go on predicting
      predictor.predict(pixels); // answered by version 2
      predictor.rollback(); // the first file again, as version 3
      assertThat(predictor.version().number()).isEqualTo(3);
    }
  }

  /** A part of an application that has a model. */
  private record Moderation(Predictor<String, Float> toxicity) {
    boolean accepts(String comment) {
      try {
        return toxicity.predict(comment) < 0.5f;
      } catch (OverloadedException | DeadlineExceededException e) {
        return true;
      }
    }
  }

  @Test
  void stubPredictorSnippet_runs() {
    StubPredictor<String, Float> toxicity = StubPredictor.answering(0.9f);
    Moderation moderation = new Moderation(toxicity); // the class under test
    assertThat(moderation.accepts("you fool")).isFalse();
    toxicity.failNext(1, () -> new OverloadedException("busy"));
    assertThat(moderation.accepts("you fool")).isTrue();
    assertThat(toxicity.calls()).containsExactly("you fool", "you fool");
  }

  @Test
  void stubModelSnippet_runs() {
    float[] pixels = new float[784];
    StubModel model = StubModel.computing(784, 2, image -> new float[] {image[0], 1 - image[0]});
    try (Predictor<float[], Classification> predictor =
        Predictor.builder()
            .model(model) // in place of a file
            .input(VectorInput.floats(784))
            .output(ClassificationOutput.softmax(List.of("dark", "light")))
            .build()) {
      assertThat(predictor.predict(pixels).label()).isEqualTo("light");
      model.failNext(1, () -> new EngineException("out of memory"));
      assertThatThrownBy(() -> predictor.predict(pixels)).isInstanceOf(EngineException.class);
      model.hold(); // runs begin, but do not end
      CompletableFuture<Classification> slow =
          predictor.predictAsync(pixels, CallOptions.within(Duration.ofMillis(5)));
      assertThatThrownBy(slow::join).hasCauseInstanceOf(DeadlineExceededException.class);
      model.release();
    }
    model.assertClosed(); // and nobody used it after that
  }

  @Test
  void compressionSnippet_runs() throws Exception {
    Path model = file("/all-minilm-l6-v2.onnx");
    Path target = folder.resolve("small.onnx");
    CompressionReport report =
        Compression.of(ModelSource.path(model))
            .quantize(Quantization.dynamicInt8())
            .keep(Quality.of(source -> open(source), small -> likeness(small)).within(0.01))
            .saveTo(target);
    log.info(report.toText());
    log.info("{} of the size", report.sizeRatio());
    assertThat(report.sizeRatio()).isLessThan(0.26);
    assertThat(report.search().isGoalMet()).isTrue();
    assertThat(report.search().best().quality()).isBetween(0.99, 0.99999);
  }

  private Predictor<String, float[]> open(ModelSource source) {
    try {
      return Predictor.builder()
          .model(source)
          .input(TextInput.tokenizer(existing("/all-minilm-l6-v2-tokenizer.json")).maxLength(256))
          .output(EmbeddingOutput.meanPooled().normalized())
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Mean cosine with the vectors of the original. */
  private double likeness(Predictor<String, float[]> small) {
    List<String> sentences = List.of("The train is late.", "How do I reset my password?");
    if (originals.isEmpty()) {
      originals.addAll(small.predictAll(sentences)); // the original is measured first
    }
    double sum = 0;
    for (int i = 0; i < sentences.size(); i++) {
      float[] vector = small.predict(sentences.get(i));
      for (int j = 0; j < vector.length; j++) {
        sum += vector[j] * originals.get(i)[j];
      }
    }
    return sum / sentences.size();
  }

  private Path existing(String resource) throws IOException {
    Path file = folder.resolve(resource.substring(resource.lastIndexOf('/') + 1));
    return Files.exists(file) ? file : file(resource);
  }

  private Path file(String resource) throws IOException {
    Path file = folder.resolve(resource.substring(resource.lastIndexOf('/') + 1));
    try (InputStream in = ReadmeTest.class.getResourceAsStream(resource)) {
      Files.copy(Objects.requireNonNull(in, resource), file);
    }
    return file;
  }
}
