package io.vivace.examples.benchmarks;

import io.vivace.core.Predictor;
import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.Compression;
import io.vivace.optimize.quantize.Quantization;
import io.vivace.optimize.quantize.WeightOnlyQuantization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Weights alone in 4 bits, of a sentence encoder: bytes, and the mean cosine to the float vectors
 * over sentences of which the calibration saw none.
 */
final class WeightOnlyFigures {
  private static final String SUITE = "quantize";

  /** The first sentences calibrate; the others are held out. */
  private static final int CALIBRATION = 100;

  private WeightOnlyFigures() {}

  static void run(Consumer<Figure> figures) throws Exception {
    List<String> sentences = QuantizeSuite.sentences();
    List<String> heldOut = sentences.subList(CALIBRATION, sentences.size());
    WeightOnlyQuantization four = Quantization.weightOnly();
    List<Map<String, Tensor>> calibration =
        CalibrationText.samples(sentences.subList(0, CALIBRATION));
    Map<String, WeightOnlyQuantization> ways = new LinkedHashMap<>();
    ways.put("int4", four);
    ways.put("int4-tables4", four.tableBits(4));
    ways.put("int4-awq", four.awq(calibration));
    ways.put("int4-gptq", four.gptq(calibration));
    Path original = Models.file(Models.MINILM);
    Path small = original.resolveSibling("weight-only.onnx");
    Compression.of(ModelSource.path(original)).quantize(four.strict()).saveTo(small);
    double nearest = cosine(original, small, sentences);
    double nearestHeldOut = cosine(original, small, heldOut);
    for (Map.Entry<String, WeightOnlyQuantization> way : ways.entrySet()) {
      Compression.of(ModelSource.path(original)).quantize(way.getValue()).saveTo(small);
      String name = "minilm-" + way.getKey();
      figures.accept(
          Figure.lower(
              SUITE,
              name + "-megabytes",
              Files.size(small) / 1e6,
              Files.size(original) / 1e6,
              "MB",
              "fp32"));
      figures.accept(closeness(name + "-cosine", cosine(original, small, sentences), nearest));
      figures.accept(
          closeness(name + "-cosine-held-out", cosine(original, small, heldOut), nearestHeldOut));
    }
    Files.delete(small);
  }

  /** Ratio: how many times smaller the distance to the original is. */
  private static Figure closeness(String name, double ours, double nearest) {
    double ratio = (1 - nearest) / (1 - ours);
    return new Figure(SUITE, name, ours, nearest, "cosine", ratio, "onnxruntime-nearest");
  }

  private static double cosine(Path original, Path small, List<String> sentences) {
    try (Predictor<String, float[]> exact = QuantizeSuite.embedder(original);
        Predictor<String, float[]> other = QuantizeSuite.embedder(small)) {
      return QuantizeSuite.meanCosine(exact, other, sentences);
    }
  }
}
