package io.vivace.examples.benchmarks;

import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.spi.EngineProvider;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.Compression;
import io.vivace.optimize.quantize.Quantization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/** Static int8 of two convolutional networks, and the memory that calibration takes. */
final class StaticFigures {
  private static final String SUITE = "quantize";
  private static final int CALIBRATION_LINES = 32;
  private static final int ROUNDS = 61;

  private StaticFigures() {}

  static void run(Consumer<Figure> figures) throws Exception {
    fashion(figures);
    lines(figures);
    memory(figures);
  }

  /** Accuracy in per cent, file in KB. */
  private static void fashion(Consumer<Figure> figures) throws Exception {
    Path original = Models.file(Models.FASHION_ONNX);
    Path small = original.resolveSibling("fashion-int8.onnx");
    Compression.of(ModelSource.path(original))
        .quantize(Quantization.staticInt8(CalibrationImages.fashion()))
        .saveTo(small);
    List<Map<String, Tensor>> images = CalibrationImages.fashionTest();
    int[] labels = CalibrationImages.fashionTestLabels();
    double before = accuracy(outputs(original, images), labels);
    double after = accuracy(outputs(small, images), labels);
    figures.accept(
        Figure.higher(
            SUITE,
            "fashion-cnn-static-int8-accuracy-%d-images".formatted(labels.length),
            100 * after,
            100 * before,
            "%",
            "fp32"));
    size(figures, "fashion-cnn-static-int8-kilobytes", small, original);
  }

  private static void size(Consumer<Figure> figures, String name, Path small, Path original)
      throws IOException {
    figures.accept(
        Figure.lower(
            SUITE, name, Files.size(small) / 1e3, Files.size(original) / 1e3, "KB", "fp32"));
  }

  private static void lines(Consumer<Figure> figures) throws Exception {
    Path original = Models.file(Models.TEXT_DIRECTION);
    Path small = original.resolveSibling("lines-int8.onnx");
    List<Map<String, Tensor>> lines = CalibrationImages.lines();
    Compression.of(ModelSource.path(original))
        .quantize(Quantization.staticInt8(lines.subList(0, CALIBRATION_LINES)))
        .saveTo(small);
    List<Map<String, Tensor>> test = lines.subList(CALIBRATION_LINES, lines.size());
    List<float[]> wanted = outputs(original, test);
    List<float[]> found = outputs(small, test);
    int same = 0;
    for (int i = 0; i < test.size(); i++) {
      same += largest(wanted.get(i)) == largest(found.get(i)) ? 1 : 0;
    }
    figures.accept(
        Figure.higher(
            SUITE,
            "text-direction-static-int8-agreement",
            100.0 * same / test.size(),
            100,
            "%",
            "fp32"));
    size(figures, "text-direction-static-int8-kilobytes", small, original);
    Path fast = original.resolveSibling("lines-int8-fast.onnx");
    Compression.of(ModelSource.path(original))
        .quantize(
            Quantization.staticInt8(lines.subList(0, CALIBRATION_LINES))
                .signedWeights()
                .whereFaster())
        .saveTo(fast);
    latency(figures, original, small, fast, test.get(0));
  }

  private static void latency(
      Consumer<Figure> figures, Path original, Path small, Path fast, Map<String, Tensor> sample)
      throws Exception {
    try (LoadedModel exact = open(original);
        LoadedModel ours = open(small);
        LoadedModel selected = open(fast);
        ExecutionContext exactRun = exact.newContext();
        ExecutionContext oursRun = ours.newContext();
        ExecutionContext selectedRun = selected.newContext()) {
      Race race =
          new Race(ROUNDS)
              .add("", () -> run(ours, oursRun, sample))
              .add("-where-faster", () -> run(selected, selectedRun, sample))
              .add("fp32", () -> run(exact, exactRun, sample))
              .run();
      for (String way : List.of("", "-where-faster")) {
        figures.accept(
            Figure.lower(
                SUITE,
                "text-direction-static-int8-latency" + way,
                race.micros(way),
                race.micros("fp32"),
                "us",
                "fp32"));
      }
    }
  }

  /** Peak resident size of a JVM that calibrates with many samples, beside one with few. */
  private static void memory(Consumer<Figure> figures) throws Exception {
    Path model = Models.file(Models.FASHION_ONNX);
    double few = CalibrationProcess.peakMegabytes(model, 16);
    double many = CalibrationProcess.peakMegabytes(model, 1_024);
    if (few > 0) {
      figures.accept(
          Figure.lower(
              SUITE, "calibration-peak-resident-1024-samples", many, few, "MB", "16-samples"));
    }
  }

  private static double accuracy(List<float[]> outputs, int[] labels) {
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      right += largest(outputs.get(i)) == labels[i] ? 1 : 0;
    }
    return (double) right / labels.length;
  }

  private static int largest(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  private static LoadedModel open(Path file) {
    EngineProvider engine =
        ServiceLoader.load(EngineProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(provider -> provider.supports(ModelFormat.ONNX))
            .findFirst()
            .orElseThrow();
    return engine.open(
        ModelArtifact.of(file.toString(), file, ModelFormat.ONNX), engine.defaultOptions());
  }

  private static List<float[]> outputs(Path file, List<Map<String, Tensor>> samples) {
    List<float[]> outputs = new ArrayList<>();
    try (LoadedModel model = open(file);
        ExecutionContext context = model.newContext()) {
      for (Map<String, Tensor> sample : samples) {
        outputs.add(run(model, context, sample));
      }
    }
    return outputs;
  }

  private static float[] run(
      LoadedModel model, ExecutionContext context, Map<String, Tensor> sample) {
    TensorSpec input = model.signature().inputs().get(0);
    Tensor tensor = sample.values().iterator().next();
    List<TensorSpec> specs = List.of(new TensorSpec(input.name(), tensor.type(), tensor.shape()));
    context.prepare(specs).get(0).data().put(tensor.data());
    return context.run().get(0).toFloats();
  }
}
