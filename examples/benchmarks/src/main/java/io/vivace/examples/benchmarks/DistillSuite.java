package io.vivace.examples.benchmarks;

import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import io.vivace.core.FitContext;
import io.vivace.core.Predictor;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.data.Dataset;
import io.vivace.evaluate.metric.Interval;
import io.vivace.optimize.distill.Distillation;
import io.vivace.optimize.distill.SelfDistillation;
import io.vivace.optimize.distill.SelfTaughtModel;
import io.vivace.optimize.train.Loss;
import io.vivace.optimize.train.Optimizer;
import io.vivace.optimize.train.Schedule;
import io.vivace.optimize.train.TrainedModel;
import io.vivace.optimize.train.Trainer;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * A student of 13 hidden units, a tenth of fashion-cnn, taught by it: with 1,000 labels and all
 * other images without, beside the same student that has only those labels, and with all labels,
 * beside the same student that has them, too, without a bar. Three seeds; each draws its own 1,000.
 * The lone student with few labels takes as many steps as held-out labels ask for, up to the taught
 * one's number. Then the student teaches itself for three generations, and the one that is best on
 * a sixth of the images stands beside the first. The gain's interval is over the seeds, by
 * Student's distribution.
 *
 * <p>The images are those of {@link FashionMnist}, in the folder {@code -Dvivace.fashion-mnist};
 * {@code -Dvivace.short=true} takes a few of them.
 */
final class DistillSuite implements Suite {
  private static final int LABELS = 1000;
  private static final int SEEDS = 3;
  private static final int HIDDEN = 13;
  private static final int EPOCHS = 12;
  private static final int[] FEW_EPOCHS = {25, 50, 100, 200, 400, 700};

  private final boolean brief = Boolean.getBoolean("vivace.short");

  @Override
  public String name() {
    return "distill";
  }

  @Override
  public String description() {
    return "a student a tenth of its teacher's size, and sentence embeddings of half the layers";
  }

  @Override
  public void run(Consumer<Figure> figures) throws Exception {
    new Sections()
        .add("sentences", () -> new SentenceDistillation(name(), brief).run(figures))
        .add("images", () -> images(figures))
        .add("born-again", () -> bornAgain(figures))
        .run();
  }

  private void images(Consumer<Figure> figures) throws IOException {
    FashionMnist data = FashionMnist.read();
    try (Predictor<float[], float[]> teacher =
        FashionMnist.predictor(Models.file(Models.FASHION_ONNX))) {
      Lessons lessons = new Lessons(teacher, data.training(), data.test());
      lessons.run("1000-labels", LABELS, 2, figures);
      lessons.run("all-labels", data.training().size(), Double.NaN, figures);
    }
  }

  private void bornAgain(Consumer<Figure> figures) throws IOException {
    FashionMnist data = FashionMnist.read();
    double[] gains = new double[SEEDS];
    for (int seed = 0; seed < SEEDS; seed++) {
      Dataset.Split<float[], Integer> split = data.training().split(5 / 6.0, seed);
      double first = fit(Loss.crossEntropy(), split.training(), data.test(), epochs(), seed);
      FitContext<float[], Integer> context =
          FitContext.<float[], Integer>defaults().seed(seed).validation(split.heldOut());
      try (SelfTaughtModel<float[]> best =
          SelfDistillation.<float[], Integer>of(
                  Loss.crossEntropy(), loss -> trainer(loss, epochs()))
              .maximize(FashionMnist::accuracy)
              .fit(split.training(), context)) {
        double kept = data.accuracy(best);
        gains[seed] = kept - first;
        System.err.println("kept generation " + best.generation() + " of " + best.scores());
        figures.accept(
            Figure.higher(name(), "born-again-seed-" + seed, kept, first, "%", "generation-1"));
      }
    }
    report("born-again", gains, Double.NaN, figures);
  }

  private int epochs() {
    return brief ? 2 : EPOCHS;
  }

  /** The same student with and without the teacher. */
  private final class Lessons {
    private final Predictor<float[], float[]> teacher;
    private final Dataset<float[], Integer> all;
    private final Dataset<float[], Integer> test;

    Lessons(
        Predictor<float[], float[]> teacher,
        Dataset<float[], Integer> all,
        Dataset<float[], Integer> test) {
      this.teacher = teacher;
      this.all = all;
      this.test = test;
    }

    void run(String figure, int labels, double bar, Consumer<Figure> figures) {
      double[] gains = new double[SEEDS];
      for (int seed = 0; seed < SEEDS; seed++) {
        Dataset<float[], Integer> shuffled = all.shuffled(seed);
        Dataset<float[], Integer> known = shuffled.slice(0, labels);
        List<float[]> unknown = shuffled.slice(labels, all.size()).inputs();
        double taught = taught(known, unknown, seed);
        double alone = alone(known, seed);
        gains[seed] = taught - alone;
        figures.accept(
            Figure.higher(name(), figure + "-seed-" + seed, taught, alone, "%", "no-teacher"));
      }
      report(figure, gains, bar, figures);
    }

    private double taught(Dataset<float[], Integer> known, List<float[]> unknown, int seed) {
      Distillation<float[], Integer> lessons =
          Distillation.from(teacher, Loss.crossEntropy()).temperature(4);
      return fit(lessons.loss(), lessons.of(known, unknown), test, epochs(), seed);
    }

    /**
     * Without a teacher: few examples are seen as often as does good. A fifth of them, held out,
     * chooses how often, up to as many steps as the taught student takes; then all are learnt from.
     */
    private double alone(Dataset<float[], Integer> known, int seed) {
      if (known.size() == all.size()) {
        return fit(Loss.crossEntropy(), known, test, epochs(), seed);
      }
      Dataset.Split<float[], Integer> split = known.split(0.8, seed);
      int best = 0;
      double bestAccuracy = -1;
      for (int epochs : brief ? new int[] {2} : FEW_EPOCHS) {
        double accuracy = fit(Loss.crossEntropy(), split.training(), split.heldOut(), epochs, seed);
        if (accuracy > bestAccuracy) {
          best = epochs;
          bestAccuracy = accuracy;
        }
      }
      return fit(Loss.crossEntropy(), known, test, best, seed);
    }
  }

  private static <Y> double fit(
      Loss<Y> loss,
      Dataset<float[], Y> examples,
      Dataset<float[], Integer> judge,
      int epochs,
      int seed) {
    FitContext<float[], Y> context = FitContext.<float[], Y>defaults().seed(seed);
    try (TrainedModel<float[], float[]> trained = trainer(loss, epochs).fit(examples, context)) {
      return new FashionMnist(judge, judge).accuracy(trained);
    }
  }

  private static <Y> Trainer<float[], Y, float[]> trainer(Loss<Y> loss, int epochs) {
    return Trainer.block(DistillSuite::student)
        .input(VectorInput.floats(784))
        .output(VectorOutput.floats())
        .loss(loss)
        .optimizer(Optimizer.adam(0.002).schedule(Schedule.cosine()))
        .batchSize(128)
        .epochs(epochs)
        .build();
  }

  private void report(String figure, double[] gains, double bar, Consumer<Figure> figures) {
    double mean = Arrays.stream(gains).average().orElseThrow();
    Interval interval = Interval.ofMean(gains, 0.95);
    figures.accept(Figure.higher(name(), figure + "-gain", mean, bar, "points", "bar"));
    figures.accept(
        Figure.higher(name(), figure + "-gain-least", interval.lower(), bar, "points", "bar"));
    figures.accept(
        Figure.higher(name(), figure + "-gain-most", interval.upper(), bar, "points", "bar"));
  }

  private static Block student() {
    return new SequentialBlock()
        .add(Linear.builder().setUnits(HIDDEN).build())
        .add(Activation.reluBlock())
        .add(Linear.builder().setUnits(10).build());
  }
}
