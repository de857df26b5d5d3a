package io.vivace.examples.benchmarks;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import io.vivace.core.FitContext;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.data.Dataset;
import io.vivace.core.data.ImageAugmentation;
import io.vivace.optimize.train.EarlyStopping;
import io.vivace.optimize.train.LearningCurve;
import io.vivace.optimize.train.Loss;
import io.vivace.optimize.train.Optimizer;
import io.vivace.optimize.train.Schedule;
import io.vivace.optimize.train.TrainedModel;
import io.vivace.optimize.train.Trainer;
import io.vivace.optimize.train.TrainerBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * The architecture of fashion-cnn, trained from nothing as a DJL block. Settings and epochs are
 * chosen by images of the training set that are not learnt from; the test images are seen once.
 */
final class ScratchFigures {
  /** What the file fashion-cnn.onnx gets right after its two epochs, in percent. */
  private static final double RECIPE = 89.66;

  private static final String ACCURACY = "accuracy";
  private static final int LONG = Integer.getInteger("vivace.epochs", 25);
  private static final long SEED = 1;

  private final String suite;
  private final Consumer<Figure> figures;

  ScratchFigures(String suite, Consumer<Figure> figures) {
    this.suite = suite;
    this.figures = figures;
  }

  /** Two convolutions with batch normalization, two dense layers: 105,962 parameters. */
  static Block block() {
    return new SequentialBlock()
        .add(convolution(16))
        .add(BatchNorm.builder().build())
        .add(Activation.reluBlock())
        .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
        .add(convolution(32))
        .add(BatchNorm.builder().build())
        .add(Activation.reluBlock())
        .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(64).build())
        .add(Activation.reluBlock())
        .add(Linear.builder().setUnits(10).build());
  }

  private static Block convolution(int filters) {
    return Conv2d.builder()
        .setKernelShape(new Shape(3, 3))
        .optPadding(new Shape(1, 1))
        .setFilters(filters)
        .build();
  }

  private record Setting(double rate, int batch) {
    TrainerBuilder<float[], Integer, float[]> trainer() {
      return Trainer.block(ScratchFigures::block)
          .input(FashionMnist.IMAGE)
          .output(VectorOutput.floats())
          .loss(Loss.crossEntropy())
          .optimizer(Optimizer.adam(rate).schedule(Schedule.cosine()))
          .batchSize(batch)
          .epochs(2);
    }
  }

  /** Two epochs with the best of four settings. */
  void twoEpochs() throws IOException {
    FashionMnist data = FashionMnist.read();
    Dataset.Split<float[], Integer> parts = data.training().split(5.0 / 6, SEED);
    List<Setting> settings =
        List.of(
            new Setting(0.001, 128),
            new Setting(0.003, 128),
            new Setting(0.002, 64),
            new Setting(0.004, 64));
    Setting best = settings.get(0);
    double highest = Double.NEGATIVE_INFINITY;
    for (Setting setting : settings) {
      double chosen = chosen(setting, parts);
      System.err.printf("%s: %.2f %% of the images kept for choosing%n", setting, chosen);
      if (chosen > highest) {
        best = setting;
        highest = chosen;
      }
    }
    try (TrainedModel<float[], float[]> trained =
        best.trainer().build().fit(data.training(), context())) {
      report("from-nothing-2-epochs", data, trained);
    }
  }

  private static double chosen(Setting setting, Dataset.Split<float[], Integer> parts) {
    Trainer<float[], Integer, float[]> trainer =
        setting.trainer().metric(ACCURACY, FashionMnist::accuracy).build();
    try (TrainedModel<float[], float[]> trained =
        trainer.fit(parts.training(), context().validation(parts.heldOut()))) {
      return trained.learningCurve().values(ACCURACY)[1];
    }
  }

  /** As long as it gets better, on images that are moved and mirrored. */
  void converged() throws IOException {
    FashionMnist data = FashionMnist.read();
    ImageAugmentation augmentation = ImageAugmentation.of(1, 28, 28).flip(0.5).shift(1);
    Trainer<float[], Integer, float[]> trainer =
        new Setting(0.003, 128)
            .trainer()
            .optimizer(Optimizer.adamW(0.003, 0.01).schedule(Schedule.cosine().warmUp(1)))
            .epochs(LONG)
            .holdOut(1.0 / 12)
            .augmentation(augmentation::apply)
            .metric(ACCURACY, FashionMnist::accuracy)
            .earlyStopping(EarlyStopping.maximize(ACCURACY).patience(10))
            .build();
    try (TrainedModel<float[], float[]> trained = trainer.fit(data.training(), context())) {
      LearningCurve curve = trained.learningCurve();
      System.err.println(curve.toMarkdown() + "best epoch: " + curve.bestEpoch());
      report("from-nothing-converged", data, trained);
    }
  }

  private static FitContext<float[], Integer> context() {
    return FitContext.<float[], Integer>defaults()
        .seed(SEED)
        .progress(step -> System.err.println(step));
  }

  /** The accuracy of the exported file, and that of the block. */
  private void report(String figure, FashionMnist data, TrainedModel<float[], float[]> trained)
      throws IOException {
    Path exported = Files.createTempDirectory("vivace-train").resolve(figure + ".onnx");
    trained.export(exported);
    double file = data.accuracy(exported);
    figures.accept(Figure.higher(suite, figure, file, RECIPE, "%", "recipe"));
    figures.accept(
        Figure.higher(suite, figure + "-exported", file, data.accuracy(trained), "%", "the-block"));
  }
}
