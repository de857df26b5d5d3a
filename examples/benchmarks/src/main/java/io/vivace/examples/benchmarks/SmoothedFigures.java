package io.vivace.examples.benchmarks;

import io.vivace.core.Predictor;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.Compression;
import io.vivace.optimize.quantize.Quantization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Dynamic int8 of a sentence encoder whose large channels were moved into the weights, beside the
 * published 8-bit file: bytes, closeness over sentences of which the calibration saw none, latency.
 */
final class SmoothedFigures {
  private static final String SUITE = "quantize";
  private static final int CALIBRATION = 100;
  private static final int ROUNDS = 61;
  private static final int LATENCY_SENTENCES = 10;

  private SmoothedFigures() {}

  static void run(Consumer<Figure> figures, Path original, Path published) throws Exception {
    List<String> sentences = QuantizeSuite.sentences();
    List<String> heldOut = sentences.subList(CALIBRATION, sentences.size());
    Path smooth = original.resolveSibling("smooth.onnx");
    Compression.of(ModelSource.path(original))
        .quantize(
            Quantization.dynamicInt8()
                .smoothed(CalibrationText.samples(sentences.subList(0, CALIBRATION))))
        .saveTo(smooth);
    figures.accept(
        Figure.lower(
            SUITE,
            "minilm-int8-smoothed-megabytes",
            Files.size(smooth) / 1e6,
            Files.size(published) / 1e6,
            "MB",
            "published-int8"));
    Path half = original.resolveSibling("half.onnx");
    Compression.of(ModelSource.path(original)).quantize(Quantization.float16()).saveTo(half);
    figures.accept(
        Figure.lower(
            SUITE,
            "minilm-float16-megabytes",
            Files.size(half) / 1e6,
            Files.size(original) / 1e6,
            "MB",
            "fp32"));
    try (Predictor<String, float[]> exact = QuantizeSuite.embedder(original);
        Predictor<String, float[]> ours = QuantizeSuite.embedder(smooth);
        Predictor<String, float[]> halves = QuantizeSuite.embedder(half);
        Predictor<String, float[]> peer = QuantizeSuite.embedder(published)) {
      double theirs = QuantizeSuite.meanCosine(exact, peer, heldOut);
      closeness(figures, "smoothed", QuantizeSuite.meanCosine(exact, ours, heldOut), theirs);
      figures.accept(
          Figure.higher(
              SUITE,
              "minilm-float16-cosine-held-out",
              QuantizeSuite.meanCosine(exact, halves, heldOut),
              1,
              "cosine",
              "fp32"));
      List<String> few = heldOut.subList(0, LATENCY_SENTENCES);
      Race race =
          new Race(ROUNDS)
              .add("ours", () -> QuantizeSuite.each(ours, few))
              .add("published-int8", () -> QuantizeSuite.each(peer, few))
              .run();
      figures.accept(
          Figure.lower(
              SUITE,
              "minilm-int8-smoothed-latency",
              race.micros("ours") / LATENCY_SENTENCES,
              race.micros("published-int8") / LATENCY_SENTENCES,
              "us",
              "published-int8"));
    }
  }

  /** Ratio: how many times smaller the distance to the original is. */
  private static void closeness(
      Consumer<Figure> figures, String way, double ours, double published) {
    figures.accept(
        new Figure(
            SUITE,
            "minilm-int8-" + way + "-cosine-held-out",
            ours,
            published,
            "cosine",
            (1 - published) / (1 - ours),
            "published-int8"));
  }
}
