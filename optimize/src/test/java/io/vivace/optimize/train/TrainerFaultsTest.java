package io.vivace.optimize.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.FitContext;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.data.Dataset;
import io.vivace.optimize.train.TrainingException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerFaultsTest {
  private static TrainerBuilder<float[], Integer, float[]> small() {
    return Trainer.block(() -> TestBlocks.mlp(4, 2))
        .input(VectorInput.floats(2))
        .output(VectorOutput.floats())
        .loss(Loss.crossEntropy())
        .epochs(2);
  }

  private static Dataset<float[], Integer> points(int count) {
    List<float[]> inputs = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      inputs.add(new float[] {i % 7, i % 3});
      labels.add(i % 2);
    }
    return Dataset.of(inputs, labels);
  }

  private static Dataset<float[], Integer> with(float[] odd, int label) {
    return points(10).concat(Dataset.of(List.of(odd), List.of(label)));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void fit_featureThatIsNotFinite_namesTheExample(float value) {
    assertThatThrownBy(() -> small().build().fit(with(new float[] {1, value}, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("example 10 holds " + value + " at element 1");
  }

  @Test
  void fit_dataThatTeachesNothing_isRefused() {
    Trainer<float[], Integer, float[]> trainer = small().build();
    assertThatThrownBy(() -> trainer.fit(Dataset.of(List.of(), List.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no training examples");
    assertThatThrownBy(() -> trainer.fit(points(10).mapLabels(label -> 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nothing to tell apart");
    assertThatThrownBy(() -> trainer.fit(with(new float[] {1, 1}, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("class 2");
    assertThatThrownBy(() -> trainer.fit(with(new float[] {1, 1, 1}, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be encoded");
  }

  @Test
  void fit_batchLargerThanTheData_isOneBatch() {
    try (TrainedModel<float[], float[]> model = small().batchSize(1000).build().fit(points(9))) {
      assertThat(model.learningCurve().epochs()).hasSize(2);
    }
  }

  @Test
  void fit_lossThatIsNoNumber_isDivergence() {
    Loss<Integer> broken = (outputs, labels) -> outputs.head().sum().mul(Float.NaN);
    assertThatThrownBy(
            () ->
                Trainer.block(() -> TestBlocks.mlp(4, 2))
                    .input(VectorInput.floats(2))
                    .output(VectorOutput.floats())
                    .loss(broken)
                    .build()
                    .fit(points(10)))
        .isInstanceOfSatisfying(
            TrainingException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DIVERGED))
        .hasMessageContaining("step 1");
  }

  @Test
  void fit_rateThatIsTooLarge_isDivergence() {
    assertThatThrownBy(
            () ->
                Trainer.block(() -> TestBlocks.mlp(4, 1))
                    .input(VectorInput.floats(2))
                    .output(VectorOutput.floats())
                    .loss(Loss.meanSquaredError().labels((Integer i) -> new float[] {i}))
                    .optimizer(Optimizer.sgd(10))
                    .epochs(50)
                    .build()
                    .fit(points(64)))
        .isInstanceOfSatisfying(
            TrainingException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DIVERGED));
  }

  @Test
  void fit_listenerThatThrows_doesNoHarm() {
    FitContext<float[], Integer> context =
        FitContext.<float[], Integer>defaults()
            .progress(
                step -> {
                  throw new IllegalStateException("a listener's fault");
                });
    try (TrainedModel<float[], float[]> model = small().build().fit(points(40), context)) {
      assertThat(model.learningCurve().epochs()).hasSize(2);
    }
  }

  @Test
  void fit_stopSignal_cancels_andTheNextFitWorks() {
    FitContext<float[], Integer> stopped =
        FitContext.<float[], Integer>defaults().stopSignal(() -> true);
    assertThatThrownBy(() -> small().build().fit(points(40), stopped))
        .isInstanceOf(CancellationException.class);
    small().build().fit(points(40)).close();
  }

  @Test
  void build_namesAllFaultsAtOnce() {
    assertThatThrownBy(
            () ->
                small()
                    .epochs(0)
                    .batchSize(0)
                    .holdOut(1)
                    .clipNorm(-1)
                    .resume(true)
                    .metric("loss", (truth, answers) -> 0)
                    .earlyStopping(EarlyStopping.maximize("f1"))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "epochs", "batchSize", "holdOut", "clipNorm", "resume", "\"loss\"", "\"f1\"");
  }

  @Test
  void fit_metricsWithoutValidationData_areRefused() {
    assertThatThrownBy(() -> small().metric("one", (truth, answers) -> 1).build().fit(points(10)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("holdOut");
  }

  @Test
  void fit_allFrozen_isRefused() {
    assertThatThrownBy(() -> small().freeze(name -> true).build().fit(points(10)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nothing to train");
  }
}
