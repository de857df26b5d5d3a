package io.vivace.examples.quickstart;

import io.vivace.core.Predictor;
import io.vivace.core.codec.EmbeddingOutput;
import io.vivace.core.codec.TextInput;
import io.vivace.core.model.ModelSource;
import io.vivace.core.observe.LatencyRecorder;
import io.vivace.engines.onnxruntime.OnnxRuntimeOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Finds the sentences nearest to a query with all-MiniLM-L6-v2, 22.6 million parameters. */
final class SemanticSearch {
  private static final int NEAREST = 3;
  private static final int TIMED_CALLS = 200;

  private SemanticSearch() {}

  /** A sentence and the cosine of its angle to the query. */
  record Hit(String sentence, double score) {}

  static void run(String query, PrintStream out) throws IOException {
    OnnxRuntimeOptions engine = OnnxRuntimeOptions.cpu();
    try (Predictor<String, float[]> embedder = embedder(engine)) {
      List<String> sentences = sentences();
      List<float[]> vectors = embedder.predictAll(sentences);
      out.printf("Semantic search among %d sentences: %s%n", sentences.size(), query);
      for (Hit hit : nearest(embedder.predict(query), sentences, vectors)) {
        out.printf("  %.3f  %s%n", hit.score(), hit.sentence());
      }
      LatencyRecorder latency = new LatencyRecorder();
      for (int i = 0; i < TIMED_CALLS; i++) {
        latency.time(() -> embedder.predict(query));
      }
      out.printf(
          "  engine %s, threads per run %d, processors %d%n",
          engine.engine(), engine.threadsPerRun(), Runtime.getRuntime().availableProcessors());
      out.printf(
          "  one query, %d calls: p50 %.2f ms, p99 %.2f ms%n",
          TIMED_CALLS, latency.summary().p50Nanos() / 1e6, latency.summary().p99Nanos() / 1e6);
    }
  }

  private static Predictor<String, float[]> embedder(OnnxRuntimeOptions engine) throws IOException {
    try (InputStream tokenizer = resource("/all-minilm-l6-v2-tokenizer.json")) {
      return Predictor.builder()
          .model(ModelSource.classpath("/all-minilm-l6-v2.onnx"))
          .input(TextInput.tokenizer(tokenizer).maxLength(256))
          .output(EmbeddingOutput.meanPooled().normalized())
          .engine(engine)
          .build();
    }
  }

  static List<Hit> nearest(float[] query, List<String> sentences, List<float[]> vectors) {
    return IntStream.range(0, sentences.size())
        .mapToObj(i -> new Hit(sentences.get(i), dot(query, vectors.get(i))))
        .sorted(Comparator.comparingDouble(Hit::score).reversed())
        .limit(NEAREST)
        .toList();
  }

  /** The cosine, since the vectors have length one. */
  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static List<String> sentences() throws IOException {
    try (InputStream in = resource("/io/vivace/examples/quickstart/sentences.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(SemanticSearch.class.getResourceAsStream(name), name);
  }
}
