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
import io.vivace.core.data.IdxArray;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import io.vivace.evaluate.metric.Interval;
import io.vivace.optimize.distill.Distillation;
import io.vivace.optimize.train.Loss;
import io.vivace.optimize.train.Optimizer;
import io.vivace.optimize.train.Schedule;
import io.vivace.optimize.train.TrainedModel;
import io.vivace.optimize.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * A student of 13 hidden units, a tenth of fashion-cnn, taught by it: with 1,000 labels and all
 * other images without, beside the same student that has only those labels, and with all labels,
 * beside the same student that has them, too, without a bar. Three seeds; each draws its own 1,000.
 * The lone student with few labels takes as many steps as held-out labels ask for, up to the taught
 * one's number. The gain's interval is over the seeds, by Student's distribution.
 *
 * <p>The images are those of {@link GraphTrainingSuite}, in the folder {@code
 * -Dvivace.fashion-mnist}; {@code -Dvivace.short=true} takes a few of them.
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
        .run();
  }

  private void images(Consumer<Figure> figures) throws IOException {
    String folder = System.getProperty("vivace.fashion-mnist");
    if (folder == null) {
      System.err.println("skipped: name the images by -Dvivace.fashion-mnist=FOLDER");
      return;
    }
    Dataset<float[], Integer> training = read(Path.of(folder), "train");
    Dataset<float[], Integer> all = brief ? training.slice(0, 3000) : training;
    Dataset<float[], Integer> test = read(Path.of(folder), "t10k").materialized();
    try (Predictor<float[], float[]> teacher =
        Predictor.builder()
            .model(ModelSource.path(Models.file(Models.FASHION_ONNX)))
            .input(VectorInput.floats(Shape.of(1, 28, 28)))
            .output(VectorOutput.floats())
            .build()) {
      Lessons lessons = new Lessons(teacher, all.materialized(), test);
      lessons.run("1000-labels", LABELS, 2, figures);
      lessons.run("all-labels", all.size(), Double.NaN, figures);
    }
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
        gains[seed] = 100 * (taught - alone);
        figures.accept(
            Figure.higher(
                name(), figure + "-seed-" + seed, 100 * taught, 100 * alone, "%", "no-teacher"));
      }
      report(figure, gains, bar, figures);
    }

    private double taught(Dataset<float[], Integer> known, List<float[]> unknown, int seed) {
      Distillation<float[], Integer> lessons =
          Distillation.from(teacher, Loss.crossEntropy()).temperature(4);
      return fit(lessons.loss(), lessons.of(known, unknown), test, brief ? 2 : EPOCHS, seed);
    }

    /**
     * Without a teacher: few examples are seen as often as does good. A fifth of them, held out,
     * chooses how often, up to as many steps as the taught student takes; then all are learnt from.
     */
    private double alone(Dataset<float[], Integer> known, int seed) {
      if (known.size() == all.size()) {
        return fit(Loss.crossEntropy(), known, test, brief ? 2 : EPOCHS, seed);
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

    private <Y> double fit(
        Loss<Y> loss,
        Dataset<float[], Y> examples,
        Dataset<float[], Integer> judge,
        int epochs,
        int seed) {
      Trainer<float[], Y, float[]> trainer =
          Trainer.block(DistillSuite::student)
              .input(VectorInput.floats(784))
              .output(VectorOutput.floats())
              .loss(loss)
              .optimizer(Optimizer.adam(0.002).schedule(Schedule.cosine()))
              .batchSize(128)
              .epochs(epochs)
              .build();
      FitContext<float[], Y> context = FitContext.<float[], Y>defaults().seed(seed);
      try (TrainedModel<float[], float[]> trained = trainer.fit(examples, context)) {
        return accuracy(trained, judge);
      }
    }

    private double accuracy(
        Predictor<float[], float[]> predictor, Dataset<float[], Integer> judge) {
      List<float[]> scores = predictor.predictAll(judge.inputs());
      int right = 0;
      for (int i = 0; i < scores.size(); i++) {
        right += largest(scores.get(i)) == judge.labels().get(i) ? 1 : 0;
      }
      return (double) right / scores.size();
    }
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

  private static int largest(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  private static Dataset<float[], Integer> read(Path folder, String part) throws IOException {
    IdxArray images = IdxArray.read(folder.resolve(part + "-images-idx3-ubyte.gz"));
    IdxArray labels = IdxArray.read(folder.resolve(part + "-labels-idx1-ubyte.gz"));
    return images.labelledBy(labels).mapInputs(DistillSuite::scaled);
  }

  private static float[] scaled(float[] image) {
    float[] scaled = image.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] /= 255;
    }
    return scaled;
  }
}
