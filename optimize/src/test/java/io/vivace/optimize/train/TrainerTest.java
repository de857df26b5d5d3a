package io.vivace.optimize.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vivace.core.FitContext;
import io.vivace.core.InvalidInputException;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.Progress;
import io.vivace.core.codec.Postprocessor;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.data.Dataset;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import io.vivace.optimize.TestModels;
import io.vivace.optimize.prune.SparsitySchedule;
import io.vivace.optimize.train.graph.FineTuning;
import io.vivace.optimize.train.graph.QuantizationAware;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TrainerTest {
  static TrainerBuilder<float[], Integer, float[]> mlp() {
    return mlp(Loss.crossEntropy());
  }

  static TrainerBuilder<float[], Integer, float[]> mlp(Loss<Integer> loss) {
    return Trainer.block(() -> TestBlocks.mlp(32, 10))
        .input(VectorInput.floats(784))
        .output(VectorOutput.floats())
        .loss(loss);
  }

  static double accuracy(List<Integer> truth, List<float[]> answers) {
    int right = 0;
    for (int i = 0; i < truth.size(); i++) {
      right += largest(answers.get(i)) == truth.get(i) ? 1 : 0;
    }
    return right / (double) truth.size();
  }

  private static int largest(float[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  @Test
  void fit_learnsImages_andReportsEachEpoch() {
    List<Progress.Step> heard = new ArrayList<>();
    Dataset<float[], Integer> heldOut = FashionData.slice(2000, 2500);
    FitContext<float[], Integer> context =
        FitContext.<float[], Integer>defaults().validation(heldOut).progress(heard::add);
    Trainer<float[], Integer, float[]> trainer =
        mlp().epochs(4).metric("accuracy", TrainerTest::accuracy).build();

    try (TrainedModel<float[], float[]> model = trainer.fit(FashionData.slice(0, 1500), context)) {
      double[] curve = model.learningCurve().values("accuracy");
      assertThat(curve).hasSize(4);
      assertThat(curve[3]).isGreaterThan(0.75);
      assertThat(accuracy(heldOut.labels(), model.predictAll(heldOut.inputs())))
          .isEqualTo(curve[3]);
      assertThat(heard).extracting(Progress.Step::done).containsExactly(1L, 2L, 3L, 4L);
      assertThat(heard.get(3).values())
          .containsKeys("loss", "validationLoss", "accuracy", "learningRate")
          .containsEntry("secondsLeft", 0.0);
    }
  }

  @Test
  void fit_trainsConvolutions() {
    Trainer<float[], Integer, float[]> trainer =
        Trainer.block(TestBlocks::fashion)
            .input(VectorInput.floats(Shape.of(1, 28, 28)))
            .output(VectorOutput.floats())
            .loss(Loss.crossEntropy())
            .epochs(2)
            .batchSize(32)
            .holdOut(0.2)
            .metric("accuracy", TrainerTest::accuracy)
            .build();
    try (TrainedModel<float[], float[]> model = trainer.fit(FashionData.slice(0, 1000))) {
      assertThat(model.learningCurve().values("accuracy")[1]).isGreaterThan(0.6);
    }
  }

  @Test
  void fit_regression_findsTheLine() {
    List<float[]> inputs = new ArrayList<>();
    List<Double> labels = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      float x = i / 100f - 1;
      inputs.add(new float[] {x});
      labels.add(3.0 * x - 2);
    }
    Trainer<float[], Double, float[]> trainer =
        Trainer.block(() -> ai.djl.nn.core.Linear.builder().setUnits(1).build())
            .input(VectorInput.floats(1))
            .output(VectorOutput.floats())
            .loss(Loss.ofNumbers(Loss.meanSquaredError()))
            .optimizer(Optimizer.sgd(0.1))
            .epochs(30)
            .build();
    try (Predictor<float[], float[]> line = trainer.fit(Dataset.of(inputs, labels))) {
      assertThat(line.predict(new float[] {0.5f})[0]).isCloseTo(-0.5f, within(1e-3f));
    }
  }

  @Test
  void fit_sameSeed_givesTheSameAnswers() {
    Dataset<float[], Integer> data = FashionData.slice(0, 300);
    float[] first = answer(data, 7);
    assertThat(answer(data, 7)).isEqualTo(first);
    assertThat(answer(data, 8)).isNotEqualTo(first);
  }

  private static float[] answer(Dataset<float[], Integer> data, long seed) {
    Trainer<float[], Integer, float[]> trainer =
        Trainer.block(() -> TestBlocks.dropped(16, 10))
            .input(VectorInput.floats(784))
            .output(VectorOutput.floats())
            .loss(Loss.crossEntropy())
            .epochs(2)
            .build();
    try (Predictor<float[], float[]> model =
        trainer.fit(data, FitContext.<float[], Integer>defaults().seed(seed))) {
      return model.predict(data.get(0).input());
    }
  }

  static Stream<Arguments> networks() {
    FineTuning fashion =
        FineTuning.of(ModelSource.path(TestModels.file(TestModels.FASHION)))
            .globalRamp(SparsitySchedule.cubic(0.9, 0, 30));
    return Stream.of(
        arguments(Trainer.block(() -> TestBlocks.dropped(16, 10)), Shape.of(784)),
        arguments(Trainer.block(TestBlocks::fashion), Shape.of(1, 28, 28)),
        arguments(Trainer.graph(fashion.quantize(QuantizationAware.w4a4())), Shape.of(1, 28, 28)),
        arguments(
            Trainer.graph(fashion.quantize(QuantizationAware.w8a8().learnedRanges())),
            Shape.of(1, 28, 28)));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void fit_keepsNoArrays_fromStepToStep(
      Trainer.InputStage network, Shape shape, @TempDir Path folder) {
    List<Integer> counts = new ArrayList<>();
    Loss<Integer> counted =
        (outputs, labels) -> {
          var manager = Objects.requireNonNull(outputs.head().getManager().getParentManager());
          counts.add(manager.getManagedArrays().size());
          return Loss.crossEntropy().of(outputs, labels);
        };
    Trainer<float[], Integer, float[]> trainer =
        network
            .input(VectorInput.floats(shape))
            .output(VectorOutput.floats())
            .loss(counted)
            .optimizer(Optimizer.adamW(0.001, 0.01))
            .epochs(4)
            .holdOut(0.2)
            .metric("accuracy", TrainerTest::accuracy)
            .earlyStopping(EarlyStopping.maximize("accuracy"))
            .checkpoint(folder.resolve("checkpoint"), 3)
            .clipNorm(1)
            .clipValue(0.5)
            .build();
    trainer.fit(FashionData.slice(0, 320)).close();
    assertThat(counts).hasSize(4 * (8 + 2));
    for (int epoch = 2; epoch < 4; epoch++) {
      assertThat(counts.subList(10 * epoch, 10 * epoch + 10)).isEqualTo(counts.subList(10, 20));
    }
    assertThat(counts.subList(10, 18)).containsOnly(counts.get(10));
  }

  @Test
  void predictEach_answerThatCannotBeDecoded_failsAlone() {
    AtomicInteger row = new AtomicInteger();
    Postprocessor<Integer> picky =
        output -> {
          if (row.incrementAndGet() == 2) {
            throw new InvalidInputException("the second one");
          }
          return output.output(0).size();
        };
    Trainer<float[], Integer, Integer> trainer =
        Trainer.block(() -> TestBlocks.mlp(4, 10))
            .input(VectorInput.floats(784))
            .output(picky)
            .loss(Loss.crossEntropy())
            .epochs(1)
            .build();
    try (TrainedModel<float[], Integer> model = trainer.fit(FashionData.slice(0, 64))) {
      var outcomes = model.predictEach(List.of(new float[784], new float[784], new float[784]));
      assertThat(outcomes).extracting(Outcome::isAnswered).containsExactly(true, false, true);
      assertThat(outcomes.get(2).get()).isEqualTo(10);
    }
  }

  @Test
  void predictEach_badItem_failsAlone() {
    TrainedModel<float[], float[]> model = mlp().epochs(1).build().fit(FashionData.slice(0, 100));
    try (model) {
      var outcomes = model.predictEach(List.of(new float[784], new float[3], new float[784]));
      assertThat(outcomes.get(0).isAnswered()).isTrue();
      assertThat(outcomes.get(1).error()).isInstanceOf(InvalidInputException.class);
      assertThat(outcomes.get(2).get()).isEqualTo(outcomes.get(0).get());
    }
    assertThatThrownBy(() -> model.predict(new float[784]))
        .isInstanceOf(io.vivace.core.PredictorClosedException.class);
  }
}
