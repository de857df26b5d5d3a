package io.vivace.examples.benchmarks;

import io.vivace.core.Predictor;
import io.vivace.core.codec.EmbeddingOutput;
import io.vivace.core.codec.TextInput;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.Compression;
import io.vivace.optimize.quantize.DynamicQuantization;
import io.vivace.optimize.quantize.Quantization;
import io.vivace.optimize.quantize.StrictProfile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Dynamic int8 of a sentence encoder of 90 MB. The published 8-bit file is made by our strict mode,
 * which gives its tensors and nodes byte for byte.
 */
final class QuantizeSuite implements Suite {
  private static final int ROUNDS = 7;
  private static final int LATENCY_ROUNDS = 61;
  private static final int LATENCY_SENTENCES = 10;

  @Override
  public String name() {
    return "quantize";
  }

  @Override
  public String description() {
    return "int8, dynamic of MiniLM and static of two CNNs: time, memory, size, closeness, latency";
  }

  @Override
  public void run(Consumer<Figure> figures) throws Exception {
    Path original = Models.file(Models.MINILM);
    Path published = original.resolveSibling("published.onnx");
    Path ours = original.resolveSibling("ours.onnx");
    DynamicQuantization strict =
        Quantization.dynamicInt8()
            .perChannel()
            .reduceRange()
            .strict(StrictProfile.SYMMETRIC_TABLES);
    Compression.of(ModelSource.path(original)).quantize(strict).saveTo(published);
    Compression.of(ModelSource.path(original)).quantize(Quantization.dynamicInt8()).saveTo(ours);
    figures.accept(
        Figure.lower(
            name(),
            "minilm-int8-megabytes",
            Files.size(ours) / 1e6,
            Files.size(published) / 1e6,
            "MB",
            "published-int8"));
    closeness(figures, original, ours, published);
    SmoothedFigures.run(figures, original, published);
    WeightOnlyFigures.run(figures);
    memory(figures, original);
    StaticFigures.run(figures);
    python(figures, original);
  }

  /** Ratio: how many times smaller the distance to the original is. */
  private void closeness(Consumer<Figure> figures, Path original, Path ours, Path published)
      throws Exception {
    List<String> sentences = sentences();
    try (Predictor<String, float[]> exact = embedder(original);
        Predictor<String, float[]> small = embedder(ours);
        Predictor<String, float[]> peer = embedder(published)) {
      double a = meanCosine(exact, small, sentences);
      double b = meanCosine(exact, peer, sentences);
      figures.accept(
          new Figure(
              name(), "minilm-int8-cosine", a, b, "cosine", (1 - b) / (1 - a), "published-int8"));
      List<String> few = sentences.subList(0, LATENCY_SENTENCES);
      Race race =
          new Race(LATENCY_ROUNDS)
              .add("ours", () -> each(small, few))
              .add("published-int8", () -> each(peer, few))
              .add("fp32", () -> each(exact, few))
              .run();
      for (String other : List.of("published-int8", "fp32")) {
        figures.accept(
            Figure.lower(
                name(),
                "minilm-int8-latency",
                race.micros("ours") / LATENCY_SENTENCES,
                race.micros(other) / LATENCY_SENTENCES,
                "us",
                other));
      }
    }
  }

  static Object each(Predictor<String, float[]> predictor, List<String> sentences) {
    Object last = sentences;
    for (String sentence : sentences) {
      last = predictor.predict(sentence);
    }
    return last;
  }

  static double meanCosine(
      Predictor<String, float[]> exact, Predictor<String, float[]> other, List<String> sentences) {
    double sum = 0;
    for (String sentence : sentences) {
      float[] x = exact.predict(sentence);
      float[] y = other.predict(sentence);
      for (int i = 0; i < x.length; i++) {
        sum += (double) x[i] * y[i];
      }
    }
    return sum / sentences.size();
  }

  static Predictor<String, float[]> embedder(Path model) {
    return Predictor.builder()
        .model(ModelSource.path(model))
        .input(TextInput.tokenizer(Models.file(Models.MINILM_TOKENIZER)).maxLength(256))
        .output(EmbeddingOutput.meanPooled().normalized())
        .build();
  }

  static List<String> sentences() throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(QuantizeSuite.class.getResourceAsStream("sentences.txt")),
                StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }

  /** Peak resident size of a fresh JVM above that of one that does nothing, beside the file's. */
  private void memory(Consumer<Figure> figures, Path original) throws Exception {
    double idle = QuantizeProcess.peakMegabytes();
    double busy = QuantizeProcess.peakMegabytes(original, original.resolveSibling("fork.onnx"));
    if (busy > 0) {
      figures.accept(
          Figure.lower(
              name(),
              "minilm-int8-peak-resident",
              busy - idle,
              Files.size(original) / 1e6,
              "MB",
              "file"));
    }
  }

  private void python(Consumer<Figure> figures, Path original) throws Exception {
    QuantizationTool peer = QuantizationTool.find().orElse(null);
    if (peer == null) {
      System.err.println(
          "skipped: minilm-int8-time (no Python with onnxruntime and onnx; name one with"
              + " -Dvivace.python=PATH)");
      return;
    }
    Path target = original.resolveSibling("race.onnx");
    for (int i = 0; i < 2 * ROUNDS; i++) {
      QuantizeProcess.quantize(original, target);
    }
    double[] ours = new double[ROUNDS];
    double[] theirs = new double[ROUNDS];
    double[] oursWhole = new double[ROUNDS];
    double[] theirsWhole = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long begin = System.nanoTime();
      QuantizeProcess.quantize(original, target);
      ours[i] = (System.nanoTime() - begin) / 1e6;
      begin = System.nanoTime();
      theirs[i] = peer.quantizeMillis(original, target);
      theirsWhole[i] = (System.nanoTime() - begin) / 1e6;
      begin = System.nanoTime();
      QuantizeProcess.peakMegabytes(original, target);
      oursWhole[i] = (System.nanoTime() - begin) / 1e6;
    }
    figures.accept(time("minilm-int8-time-warm", ours, theirs));
    figures.accept(time("minilm-int8-time-process", oursWhole, theirsWhole));
  }

  private Figure time(String figure, double[] ours, double[] theirs) {
    return Figure.lower(
        name(), figure, Race.median(ours), Race.median(theirs), "ms", "onnxruntime-python");
  }
}
