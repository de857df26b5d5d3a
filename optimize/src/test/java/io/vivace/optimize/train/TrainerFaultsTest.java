package io.vivace.optimize.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vivace.core.FitContext;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.data.Dataset;
import io.vivace.optimize.train.TrainingException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
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
  void fit_stopSignal_cancelsWhileAnotherFitRuns() throws Exception {
    FitContext<float[], Integer> stopped =
        FitContext.<float[], Integer>defaults().stopSignal(() -> true);
    ExecutorService other = Executors.newSingleThreadExecutor();
    List<Throwable> ends = new ArrayList<>();
    FitContext<float[], Integer> first =
        FitContext.<float[], Integer>defaults()
            .progress(
                step ->
                    // The other fit must end while this one, in its listener, still has the engine.
                    ends.add(
                        catchThrowable(
                            () ->
                                other
                                    .submit(() -> small().build().fit(points(40), stopped))
                                    .get(30, TimeUnit.SECONDS))));
    try {
      small().epochs(1).build().fit(points(40), first).close();
    } finally {
      other.shutdownNow();
    }
    assertThat(ends)
        .singleElement()
        .satisfies(end -> assertThat(end).hasCauseInstanceOf(CancellationException.class));
  }

  @Test
  void fit_emptyValidationData_isNone() {
    FitContext<float[], Integer> context =
        FitContext.<float[], Integer>defaults().validation(points(0));
    try (TrainedModel<float[], float[]> model = small().build().fit(points(40), context)) {
      assertThat(model.learningCurve().epochs().get(1)).doesNotContainKey("validationLoss");
    }
    assertThatThrownBy(
            () ->
                small()
                    .earlyStopping(EarlyStopping.minimize("validationLoss"))
                    .build()
                    .fit(points(40), context))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("validation data");
  }

  @Test
  void fit_faultsOfTheCaller_comeOut_andTheNextFitWorks() {
    BiFunction<float[], RandomGenerator, float[]> broken =
        (point, random) -> {
          throw new UnsupportedOperationException("the caller's fault");
        };
    assertThatThrownBy(() -> small().augmentation(broken).build().fit(points(40)))
        .isInstanceOf(UnsupportedOperationException.class);
    BiFunction<float[], RandomGenerator, float[]> error =
        (point, random) -> {
          throw new AssertionError("the caller's error");
        };
    assertThatThrownBy(() -> small().augmentation(error).build().fit(points(40)))
        .isInstanceOf(AssertionError.class);
    AtomicInteger calls = new AtomicInteger();
    TrainerBuilder<float[], Integer, float[]> late =
        small().augmentation((point, random) -> calls.incrementAndGet() < 50 ? point : fail());
    assertThatThrownBy(() -> late.build().fit(points(40)))
        .isInstanceOf(AssertionError.class)
        .hasMessage("too late");
    assertThatThrownBy(
            () ->
                small()
                    .holdOut(0.2)
                    .metric("broken", (truth, answers) -> truth.get(truth.size()))
                    .build()
                    .fit(points(40)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    small().build().fit(points(40)).close();
  }

  private static float[] fail() {
    throw new AssertionError("too late");
  }

  @Test
  void fit_onceEnded_usesTheExamplesNoMore() {
    AtomicInteger open = new AtomicInteger();
    TrainerBuilder<float[], Integer, float[]> trainer =
        small()
            .batchSize(2)
            .augmentation(
                (point, random) -> {
                  open.incrementAndGet();
                  float[] copy = point.clone();
                  open.decrementAndGet();
                  return copy;
                });
    AtomicInteger asked = new AtomicInteger();
    FitContext<float[], Integer> stopped =
        FitContext.<float[], Integer>defaults().stopSignal(() -> asked.incrementAndGet() > 3);
    assertThatThrownBy(() -> trainer.build().fit(points(4000), stopped))
        .isInstanceOf(CancellationException.class);
    assertThat(open).hasValue(0);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("vivace-prefetch");
  }

  @Test
  void fit_targetsThatAreNotFiniteOrRagged_areRefused() {
    TrainerBuilder<float[], float[], float[]> regression =
        Trainer.block(() -> TestBlocks.mlp(4, 2))
            .input(VectorInput.floats(2))
            .output(VectorOutput.floats())
            .loss(Loss.meanSquaredError());
    List<float[]> inputs = List.of(new float[] {1, 2}, new float[] {3, 4});
    Trainer<float[], float[], float[]> trainer = regression.build();
    assertThatThrownBy(
            () ->
                trainer.fit(
                    Dataset.of(inputs, List.of(new float[] {1, 2}, new float[] {1, Float.NaN}))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("label of example 1");
    assertThatThrownBy(
            () -> trainer.fit(Dataset.of(inputs, List.of(new float[] {1, 2}, new float[] {1}))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a label has 1");
    assertThatThrownBy(() -> small().build().fit(with(new float[] {1, 1}, -1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
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
