package io.vivace.examples.pipeline;

import io.vivace.core.FitContext;
import io.vivace.core.codec.VectorOutput;
import io.vivace.evaluate.search.Params;
import io.vivace.optimize.train.EarlyStopping;
import io.vivace.optimize.train.Loss;
import io.vivace.optimize.train.Optimizer;
import io.vivace.optimize.train.Schedule;
import io.vivace.optimize.train.TrainedModel;
import io.vivace.optimize.train.Trainer;
import io.vivace.optimize.train.TrainerBuilder;
import io.vivace.optimize.train.graph.FineTuning;
import java.nio.file.Path;

/** What all trainings of this example have in common. */
final class Lessons {
  static final int BATCH = 64;
  private static final double TUNING_RATE = 0.002;

  private Lessons() {}

  /** A trainer of images and their classes that measures accuracy after each epoch. */
  static TrainerBuilder<float[], Integer, float[]> of(
      Trainer.InputStage model, Prepared data, double rate, int epochs) {
    return model
        .input(data.input())
        .output(VectorOutput.floats())
        .loss(Loss.crossEntropy())
        .optimizer(Optimizer.adam(rate).schedule(Schedule.cosine()))
        .batchSize(BATCH)
        .epochs(epochs)
        .metric("accuracy", Judge::accuracy);
  }

  /** The small network, trained on classes alone. */
  static Trainer<float[], Integer, float[]> student(Params params, Prepared data, int epochs) {
    TrainerBuilder<float[], Integer, float[]> trainer =
        of(block(params), data, params.real("rate"), epochs);
    if (params.flag("augmented")) {
      trainer.augmentation(data.augmentation()::apply);
    }
    return trainer.build();
  }

  static Trainer.InputStage block(Params params) {
    int filters = params.integer("filters");
    return Trainer.block(() -> Networks.small(filters));
  }

  static EarlyStopping stopping() {
    return EarlyStopping.maximize("accuracy").patience(3);
  }

  static FitContext<float[], Integer> context(Prepared data) {
    return FitContext.<float[], Integer>defaults()
        .validation(data.validation())
        .seed(Pipeline.SEED);
  }

  /** Trains on what a compression left, and writes the best epoch. */
  static void tune(FineTuning tuning, Prepared data, int epochs, Path target) {
    Trainer<float[], Integer, float[]> trainer =
        of(Trainer.graph(tuning), data, TUNING_RATE, epochs)
            .augmentation(data.augmentation()::apply)
            .earlyStopping(stopping())
            .build();
    try (TrainedModel<float[], float[]> tuned = trainer.fit(data.training(), context(data))) {
      tuned.export(target);
    }
  }
}
