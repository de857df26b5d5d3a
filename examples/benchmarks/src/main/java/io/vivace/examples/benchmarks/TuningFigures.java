package io.vivace.examples.benchmarks;

import io.vivace.core.FitContext;
import io.vivace.core.Predictor;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.Compression;
import io.vivace.optimize.graph.Macs;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.prune.SparsitySchedule;
import io.vivace.optimize.prune.StructuralPruning;
import io.vivace.optimize.train.Loss;
import io.vivace.optimize.train.Optimizer;
import io.vivace.optimize.train.Schedule;
import io.vivace.optimize.train.TrainedModel;
import io.vivace.optimize.train.Trainer;
import io.vivace.optimize.train.graph.FineTuning;
import io.vivace.optimize.train.graph.QuantizationAware;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * fashion-cnn with half of its channels, with a twentieth of its weights, and with few bits, each
 * trained for the same epochs ({@code -Dvivace.epochs}) with the same settings ({@code
 * -Dvivace.rate}) as the dense control beside it.
 */
final class TuningFigures {
  private static final int BATCH = 128;
  private static final int EPOCHS = Scale.SHORT ? 2 : Integer.getInteger("vivace.epochs", 6);
  private static final double RATE = Double.parseDouble(System.getProperty("vivace.rate", "0.001"));
  private static final int ROUNDS = Scale.SHORT ? 11 : 101;

  private final String suite;
  private final Consumer<Figure> figures;
  private final Path original = Models.file(Models.FASHION_ONNX);
  private @Nullable FashionMnist data;
  private double control = Double.NaN;

  TuningFigures(String suite, Consumer<Figure> figures) {
    this.suite = suite;
    this.figures = figures;
  }

  /** Half of the channels: fewer multiplications, less time. */
  void structural() throws Exception {
    Path half = original.resolveSibling("train-half.onnx");
    Compression.of(ModelSource.path(original)).prune(StructuralPruning.l2()).saveTo(half);
    figures.accept(
        Figure.lower(
            suite, "structural-macs", macs(half) / 1e6, macs(original) / 1e6, "M", "original"));
    Path tuned = tuned("structural", FineTuning.of(ModelSource.path(half)));
    latency("structural-latency", tuned, 1);
    latency("structural-latency-of-64", tuned, 64);
  }

  /** The time of a call with one image, and with several. */
  private void latency(String figure, Path tuned, int count) throws Exception {
    List<float[]> images = data().test().slice(0, count).inputs();
    try (Predictor<float[], float[]> small = FashionMnist.predictor(tuned);
        Predictor<float[], float[]> plain = FashionMnist.predictor(original)) {
      Race race =
          new Race(ROUNDS)
              .add("ours", () -> small.predictAll(images))
              .add("original", () -> plain.predictAll(images))
              .run();
      figures.accept(
          Figure.lower(
              suite, figure, race.micros("ours"), race.micros("original"), "us", "original"));
    }
  }

  private static long macs(Path file) {
    try (ModelGraph model = ModelGraph.open(ModelSource.path(file))) {
      return Macs.of(model).total();
    }
  }

  /** One weight in twenty stays, by a cubic ramp over two thirds of the steps. */
  void sparse() throws IOException {
    long steps = (long) EPOCHS * ((data().training().size() + BATCH - 1) / BATCH);
    SparsitySchedule ramp =
        new SparsitySchedule(0, 0.95, steps / 20, steps * 2 / 3, 3, Math.max(1, steps / 100));
    tuned("95-percent-sparse", FineTuning.of(ModelSource.path(original)).globalRamp(ramp));
  }

  /** Few bits, by fake quantization. */
  void quantized(QuantizationAware aware) throws IOException {
    tuned("qat-" + aware, FineTuning.of(ModelSource.path(original)).quantize(aware));
  }

  private Path tuned(String figure, FineTuning tuning) throws IOException {
    double before = data().accuracy(original);
    double dense = control();
    Path exported = fit(tuning, figure);
    double after = data().accuracy(exported);
    figures.accept(Figure.higher(suite, figure, after, before, "%", "original"));
    figures.accept(Figure.higher(suite, figure, after, dense, "%", "dense-tuned-equally"));
    return exported;
  }

  private double control() throws IOException {
    if (Double.isNaN(control)) {
      control = data().accuracy(fit(FineTuning.of(ModelSource.path(original)), "dense"));
    }
    return control;
  }

  /** The accuracy of the trainer stands beside that of the file it writes. */
  private Path fit(FineTuning tuning, String figure) throws IOException {
    Path exported = Files.createTempDirectory("vivace-train").resolve(figure + ".onnx");
    Trainer<float[], Integer, float[]> trainer =
        Trainer.graph(tuning)
            .input(FashionMnist.IMAGE)
            .output(VectorOutput.floats())
            .loss(Loss.crossEntropy())
            .optimizer(Optimizer.adam(RATE).schedule(Schedule.cosine()))
            .epochs(EPOCHS)
            .batchSize(BATCH)
            .build();
    FitContext<float[], Integer> context =
        FitContext.<float[], Integer>defaults()
            .seed(1)
            .progress(step -> System.err.println(figure + ": " + step));
    try (TrainedModel<float[], float[]> trained = trainer.fit(data().training(), context)) {
      trained.export(exported);
      figures.accept(
          Figure.higher(
              suite,
              figure + "-exported",
              data().accuracy(exported),
              data().accuracy(trained),
              "%",
              "the-trainer"));
    }
    return exported;
  }

  private FashionMnist data() throws IOException {
    FashionMnist read = data == null ? FashionMnist.read() : data;
    data = read;
    return read;
  }
}
