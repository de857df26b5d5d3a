package io.vivace.examples.benchmarks;

import static io.vivace.evaluate.metric.ClassificationMetrics.ACCURACY;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import io.vivace.core.FitContext;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.data.Dataset;
import io.vivace.core.data.IdxArray;
import io.vivace.evaluate.CrossValidation;
import io.vivace.evaluate.CrossValidationResult;
import io.vivace.evaluate.search.Journal;
import io.vivace.evaluate.search.Parameter;
import io.vivace.evaluate.search.Params;
import io.vivace.evaluate.search.Pruner;
import io.vivace.evaluate.search.Space;
import io.vivace.evaluate.search.Study;
import io.vivace.evaluate.search.StudyOptions;
import io.vivace.evaluate.search.TrialResult;
import io.vivace.evaluate.search.TrialState;
import io.vivace.examples.quickstart.Quickstart;
import io.vivace.optimize.train.EarlyStopping;
import io.vivace.optimize.train.Loss;
import io.vivace.optimize.train.Optimizer;
import io.vivace.optimize.train.TrainedModel;
import io.vivace.optimize.train.Trainer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trainer in a search and in a cross-validation: optimize and evaluate know only core. */
class TrainerSearchTest {
  private static final int EPOCHS = 6;
  private static final Space SPACE =
      Space.of(Parameter.real("rate", 1e-5, 1).log(), Parameter.integer("units", 4, 32));

  private static Dataset<float[], Integer> training;
  private static Dataset<float[], Integer> heldOut;

  @BeforeAll
  static void read() throws IOException {
    Dataset<float[], Integer> images =
        read("images-idx3-ubyte.gz")
            .labelledBy(read("labels-idx1-ubyte.gz"))
            .mapInputs(TrainerSearchTest::scaled);
    training = images.slice(0, 600).materialized();
    heldOut = images.slice(600, 900).materialized();
  }

  private static IdxArray read(String name) throws IOException {
    try (InputStream in = Quickstart.class.getResourceAsStream(name)) {
      return IdxArray.read(Objects.requireNonNull(in, name), name);
    }
  }

  private static float[] scaled(float[] image) {
    float[] scaled = image.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] /= 255;
    }
    return scaled;
  }

  private static Trainer<float[], Integer, float[]> trainer(Params params) {
    return Trainer.block(
            () ->
                new SequentialBlock()
                    .add(Linear.builder().setUnits(params.integer("units")).build())
                    .add(Activation.reluBlock())
                    .add(Linear.builder().setUnits(10).build()))
        .input(VectorInput.floats(784))
        .output(VectorOutput.floats())
        .loss(Loss.crossEntropy())
        .optimizer(Optimizer.adam(params.real("rate")))
        .epochs(EPOCHS)
        .metric("accuracy", FashionMnist::accuracy)
        .earlyStopping(EarlyStopping.maximize("accuracy").patience(EPOCHS))
        .build();
  }

  private static Study search(StudyOptions options, AtomicInteger epochs) {
    return options.maximize(
        SPACE,
        (params, trial) -> {
          FitContext<float[], Integer> context =
              FitContext.<float[], Integer>defaults()
                  .validation(heldOut)
                  .progress(
                      step -> {
                        epochs.incrementAndGet();
                        trial.progress("accuracy").report(step);
                      })
                  .stopSignal(trial.stopSignal());
          try (TrainedModel<float[], float[]> trained = trainer(params).fit(training, context)) {
            return trained.learningCurve().kept("accuracy");
          }
        });
  }

  @Test
  void search_endsHopelessTrialsEarly_andFindsTheSameBest() {
    StudyOptions options = Study.random().trials(14).seed(3);
    AtomicInteger all = new AtomicInteger();
    AtomicInteger some = new AtomicInteger();

    Study whole = search(options, all);
    Study pruned = search(options.pruner(Pruner.median()), some);

    assertThat(whole.trials()).extracting(TrialResult::state).containsOnly(TrialState.COMPLETE);
    assertThat(all).hasValue(14 * EPOCHS);
    List<TrialResult> ended =
        pruned.trials().stream().filter(trial -> trial.state() == TrialState.PRUNED).toList();
    assertThat(ended).isNotEmpty().allSatisfy(trial -> assertThat(trial.number()).isGreaterThan(4));
    assertThat(some.get()).isLessThan(all.get());
    assertThat(some).hasValue(pruned.trials().stream().mapToInt(t -> t.reports().size()).sum());
    assertThat(pruned.best().number()).isEqualTo(whole.best().number());
    assertThat(pruned.bestScore()).isEqualTo(whole.bestScore()).isGreaterThan(70);
  }

  @Test
  void search_goesOnFromItsJournal_withTheSameTrials(@TempDir Path folder) {
    StudyOptions options = Study.tpe().seed(5).pruner(Pruner.successiveHalving(1, 2));
    String whole = search(options.trials(8), new AtomicInteger()).log();
    StudyOptions kept = options.journal(Journal.at(folder.resolve("journal")));
    search(kept.trials(4), new AtomicInteger());
    AtomicInteger rest = new AtomicInteger();
    assertThat(search(kept.trials(8), rest).log()).isEqualTo(whole);
    assertThat(rest.get()).isBetween(4, 4 * EPOCHS);
  }

  @Test
  void searchAndCrossValidation_ofTheReadme_run() {
    Study study =
        Study.tpe()
            .trials(12)
            .seed(42)
            .pruner(Pruner.median())
            .maximize(
                Space.of(Parameter.real("rate", 1e-5, 1).log(), Parameter.integer("units", 4, 32)),
                (params, trial) -> {
                  FitContext<float[], Integer> context =
                      FitContext.<float[], Integer>defaults()
                          .validation(heldOut)
                          .progress(trial.progress("accuracy")) // told to the pruner
                          .stopSignal(trial.stopSignal()); // ends a trial that it gives up
                  try (TrainedModel<float[], float[]> trained =
                      trainer(params).fit(training, context)) {
                    return trained.learningCurve().kept("accuracy");
                  }
                });
    Trainer<float[], Integer, float[]> best = trainer(study.bestParams());
    CrossValidationResult<float[]> folds =
        CrossValidation.stratified(3).seed(42).validation(0.2).run(best, training, ACCURACY);

    assertThat(study.bestScore()).isGreaterThan(75);
    assertThat(folds.mean(ACCURACY)).isGreaterThan(0.6);
  }

  @Test
  void crossValidation_trainsAndJudgesEachFold() {
    Trainer<float[], Integer, float[]> trainer =
        Trainer.block(() -> Linear.builder().setUnits(10).build())
            .input(VectorInput.floats(784))
            .output(VectorOutput.floats())
            .loss(Loss.crossEntropy())
            .optimizer(Optimizer.adam(0.005))
            .epochs(5)
            .build();
    CrossValidation folds = CrossValidation.stratified(3).seed(42);
    CrossValidationResult<float[]> result = folds.run(trainer, training, ACCURACY);

    assertThat(result.folds()).hasSize(3);
    assertThat(result.mean(ACCURACY)).isBetween(0.65, 0.95);
    assertThat(folds.threads(1).run(trainer, training, ACCURACY).mean(ACCURACY))
        .isEqualTo(result.mean(ACCURACY));
  }

  @Test
  void trial_thatDiverges_failsAlone() {
    Map<String, Object> wild = Map.of("rate", 1e-2, "units", 8);
    Study study =
        Study.random()
            .trials(2)
            .first(wild)
            .maximize(
                SPACE,
                (params, trial) -> {
                  Loss<Integer> broken =
                      trial.number() == 0
                          ? (outputs, labels) -> outputs.head().sum().mul(Float.NaN)
                          : Loss.crossEntropy();
                  Trainer<float[], Integer, float[]> trainer =
                      Trainer.block(() -> Linear.builder().setUnits(10).build())
                          .input(VectorInput.floats(784))
                          .output(VectorOutput.floats())
                          .loss(broken)
                          .epochs(1)
                          .build();
                  try (TrainedModel<float[], float[]> trained = trainer.fit(training)) {
                    return -trained.learningCurve().kept("loss");
                  }
                });
    assertThat(study.trials())
        .extracting(TrialResult::state)
        .containsExactly(TrialState.FAILED, TrialState.COMPLETE);
    assertThat(study.trials().get(0).failure()).contains("the loss of step 1 is NaN");
  }
}
