package io.vivace.examples.pipeline;

import io.vivace.optimize.train.TrainedModel;
import io.vivace.optimize.train.Trainer;
import java.io.PrintStream;
import java.nio.file.Path;

/** Stage 2: trains the large network until the validation accuracy rises no more. */
final class TrainStage {
  private static final double RATE = 0.003;

  private TrainStage() {}

  static Contender run(Prepared data, Settings settings, Path folder, PrintStream out) {
    Trainer<float[], Integer, float[]> trainer =
        Lessons.of(Trainer.block(Networks::large), data, RATE, settings.epochs())
            .augmentation(data.augmentation()::apply)
            .earlyStopping(Lessons.stopping())
            .build();
    Path file = folder.resolve("dense.onnx");
    try (TrainedModel<float[], float[]> trained =
        trainer.fit(data.training(), Lessons.context(data))) {
      out.print(trained.learningCurve().toMarkdown());
      out.printf("kept: epoch %d%n", trained.learningCurve().bestEpoch());
      trained.export(file);
    }
    return Contender.open("dense", file, data.input());
  }
}
