package io.vivace.examples.benchmarks;

import io.vivace.core.Predictor;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import io.vivace.optimize.Compression;
import io.vivace.optimize.factorize.Factorization;
import io.vivace.optimize.graph.Macs;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.prune.StructuralPruning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Consumer;

/** Half of the channels of a small image network, and its layers in factors of half the size. */
final class StructureFigures {
  private static final String SUITE = "compress";
  private static final int ROUNDS = 101;

  private StructureFigures() {}

  static void run(Consumer<Figure> figures) throws Exception {
    Path original = Models.file(Models.FASHION_ONNX);
    Path half = original.resolveSibling("half.onnx");
    Path factors = original.resolveSibling("factors.onnx");
    Compression.of(ModelSource.path(original)).prune(StructuralPruning.l2()).saveTo(half);
    Compression.of(ModelSource.path(original)).factorize(Factorization.size(0.5)).saveTo(factors);
    compare("fashion-cnn-half-the-channels", original, half, figures);
    compare("fashion-cnn-factors", original, factors, figures);
  }

  private static void compare(String name, Path before, Path after, Consumer<Figure> figures)
      throws Exception {
    figures.accept(
        Figure.lower(SUITE, name + "-macs", macs(after) / 1e6, macs(before) / 1e6, "M", "fp32"));
    figures.accept(
        Figure.lower(
            SUITE,
            name + "-bytes",
            Files.size(after) / 1e3,
            Files.size(before) / 1e3,
            "kB",
            "fp32"));
    float[] image = new float[784];
    Random random = new Random(7);
    for (int i = 0; i < image.length; i++) {
      image[i] = random.nextFloat();
    }
    try (Predictor<float[], float[]> plain = predictor(before);
        Predictor<float[], float[]> small = predictor(after)) {
      Race race =
          new Race(ROUNDS)
              .add("ours", () -> small.predict(image))
              .add("fp32", () -> plain.predict(image))
              .run();
      figures.accept(
          Figure.lower(
              SUITE, name + "-latency", race.micros("ours"), race.micros("fp32"), "us", "fp32"));
    }
  }

  private static long macs(Path file) {
    try (ModelGraph model = ModelGraph.open(ModelSource.path(file))) {
      return Macs.of(model).total();
    }
  }

  private static Predictor<float[], float[]> predictor(Path file) {
    return Predictor.builder()
        .model(ModelSource.path(file))
        .input(VectorInput.floats(Shape.of(1, 28, 28)))
        .output(VectorOutput.floats())
        .build();
  }
}
