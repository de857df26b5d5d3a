package io.vivace.core.internal.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.CallOptions;
import io.vivace.core.EngineException;
import io.vivace.core.InferenceException.Code;
import io.vivace.core.ModelLoadException;
import io.vivace.core.OverloadedException;
import io.vivace.core.Predictor;
import io.vivace.core.PredictorBuilder;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.observe.Health;
import io.vivace.core.observe.HealthMonitor;
import io.vivace.core.observe.InferenceListener;
import io.vivace.core.observe.ModelVersion;
import io.vivace.core.observe.ServingStatistics;
import io.vivace.core.observe.ServingSummary;
import io.vivace.core.observe.ShedReason;
import io.vivace.core.serve.SwappablePredictor;
import io.vivace.core.testing.StubModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What listeners hear of real predictors. */
class ObservedPredictorTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final float[] ROW = {1, 2};

  private final ServingStatistics statistics = new ServingStatistics();
  private final StubModel model = StubModel.computing(2, 1, row -> new float[] {row[0] + row[1]});

  private PredictorBuilder<float[], float[]> builder(StubModel source) {
    return Predictor.builder()
        .model(source)
        .input(VectorInput.floats(2))
        .output(VectorOutput.floats())
        .name("sum")
        .executor(Runnable::run)
        .listener(statistics);
  }

  @Test
  void everyKindOfCall_isARunAndAnEndForEachItem() {
    try (Predictor<float[], float[]> predictor = builder(model).build()) {
      assertThat(statistics.summary().runs()).isZero(); // warming up is no service
      predictor.predict(ROW);
      predictor.predictAll(List.of(ROW, ROW, ROW));
      predictor.predictAsync(ROW).join();
      predictor.predict(ROW, CallOptions.within(LIMIT));
    }
    ServingSummary summary = statistics.summary();
    assertThat(summary.completed()).isEqualTo(6);
    assertThat(summary.ended()).isEqualTo(6);
    assertThat(summary.rows()).isEqualTo(6);
    assertThat(summary.total().count()).isEqualTo(6);
    assertThat(summary.run().minNanos()).isPositive();
    assertThat(summary.total().minNanos()).isGreaterThanOrEqualTo(summary.run().minNanos());
    assertThat(summary.fill()).isBetween(0.5, 1.0);
  }

  @Test
  void faults_endAsFailures() {
    try (Predictor<float[], float[]> predictor = builder(model).build()) {
      assertThatThrownBy(() -> predictor.predict(new float[3]));
      model.failNext(1, () -> new EngineException("no memory"));
      assertThatThrownBy(() -> predictor.predict(ROW)).isInstanceOf(EngineException.class);
      assertThat(predictor.predictAsync(new float[3])).isCompletedExceptionally();
    }
    ServingSummary summary = statistics.summary();
    assertThat(summary.failed()).isEqualTo(Map.of(Code.INVALID_INPUT, 2L, Code.ENGINE, 1L));
    assertThat(summary.failedRuns()).isEqualTo(1);
    assertThat(summary.ended()).isEqualTo(3);
  }

  @Test
  void overload_deadlineAndCancel_areToldApart() {
    try (Predictor<float[], float[]> predictor =
        builder(model).concurrency(1).maxPending(3).build()) {
      model.hold();
      CompletableFuture<float[]> running = predictor.predictAsync(ROW);
      model.awaitRunning(1, LIMIT);
      CompletableFuture<float[]> waiting = predictor.predictAsync(ROW);
      CompletableFuture<float[]> cancelled = predictor.predictAsync(ROW);
      assertThat(predictor.predictAsync(ROW))
          .failsWithin(LIMIT)
          .withThrowableOfType(ExecutionException.class)
          .withCauseInstanceOf(OverloadedException.class);
      cancelled.cancel(false);
      CompletableFuture<float[]> overdue =
          predictor.predictAsync(ROW, CallOptions.within(Duration.ofMillis(1)));
      assertThat(overdue).failsWithin(LIMIT);
      model.release();
      assertThat(running).succeedsWithin(LIMIT);
      assertThat(waiting).succeedsWithin(LIMIT);
    }
    ServingSummary summary = statistics.summary();
    assertThat(summary.shed())
        .isEqualTo(Map.of(ShedReason.QUEUE_FULL, 1L, ShedReason.DEADLINE_PASSED, 1L));
    assertThat(summary.cancelled()).isEqualTo(1);
    assertThat(summary.completed()).isEqualTo(2);
  }

  @Test
  void runThatOutlivesItsCaller_isAZombieUntilItReturns() {
    HealthMonitor monitor = HealthMonitor.standard();
    try (Predictor<float[], float[]> predictor =
        builder(model).listener(statistics.and(monitor)).build()) {
      model.hold();
      CompletableFuture<float[]> late =
          predictor.predictAsync(ROW, CallOptions.within(Duration.ofSeconds(1)));
      model.awaitRunning(1, LIMIT);
      assertThat(late).failsWithin(LIMIT);
      Awaitility.await().until(() -> statistics.summary().zombiesNow() == 1);
      assertThat(monitor.health().degraded().toString()).contains("nobody waits for");
      model.release();
      Awaitility.await().until(() -> statistics.summary().zombiesNow() == 0);
      assertThat(statistics.summary().zombieRuns()).isEqualTo(1);
      assertThat(statistics.summary().failed()).isEqualTo(Map.of(Code.DEADLINE_EXCEEDED, 1L));
    }
    model.assertClosed();
  }

  @Test
  void listenerThatThrows_isInNobodysWay() {
    AtomicInteger heard = new AtomicInteger();
    InferenceListener rude =
        new InferenceListener() {
          @Override
          public void completed(ModelVersion version, long queueNanos, long totalNanos) {
            heard.incrementAndGet();
            throw new AssertionError("rude");
          }

          @Override
          public void opened(ModelVersion version) {
            throw new AssertionError("rude");
          }
        };
    try (Predictor<float[], float[]> predictor = builder(model).listener(rude).build()) {
      assertThat(predictor.predict(ROW)).containsExactly(3);
      assertThat(predictor.predictAsync(ROW)).succeedsWithin(LIMIT);
    }
    assertThat(heard).hasValue(2);
    model.assertClosed();
  }

  /** Hears of versions. */
  private static final class Versions implements InferenceListener {
    final List<String> heard = new CopyOnWriteArrayList<>();

    @Override
    public void opened(ModelVersion version) {
      heard.add("opened " + version.version());
    }

    @Override
    public void swapped(ModelVersion before, ModelVersion after, long nanos) {
      heard.add(
          String.format(
              "%s: %s to %s%s",
              after.predictor(), before.version(), after.version(), nanos > 0 ? "" : "?"));
    }

    @Override
    public void swapFailed(ModelVersion version, Throwable error) {
      heard.add("failed " + version.version() + ": " + error.getMessage());
    }

    @Override
    public void closed(ModelVersion version) {
      heard.add("closed " + version.version());
    }
  }

  @Test
  void swaps_areHeardInOrderWithTheirVersions() {
    Versions versions = new Versions();
    HealthMonitor monitor = HealthMonitor.standard();
    StubModel broken = StubModel.answering(2, 1).failingToLoad("no such file");
    StubModel other = StubModel.answering(2, 1, 2); // another signature
    try (SwappablePredictor<float[], float[]> predictor =
        builder(model).listener(versions.and(monitor)).buildSwappable()) {
      predictor.swap(StubModel.answering(2, 7));
      assertThatThrownBy(() -> predictor.swap(broken)).isInstanceOf(ModelLoadException.class);
      Health degraded = monitor.health();
      assertThat(degraded.isReady()).isTrue();
      assertThat(degraded.degraded().toString()).contains("no such file");
      assertThatThrownBy(() -> predictor.swap(other)).isInstanceOf(ModelLoadException.class);
      predictor.rollback();
      assertThat(monitor.health().isDegraded()).isFalse();
      assertThat(monitor.health().models())
          .containsExactly(new ModelVersion("sum", "3", "StubEngine", "cpu"));
    }
    assertThat(versions.heard)
        .startsWith("opened 1", "sum: 1 to 2", "closed 1", "failed 2: no such file")
        .endsWith("sum: 2 to 3", "closed 2", "closed 3");
    assertThat(monitor.health().isReady()).isFalse();
  }

  @Test
  void unnamedPredictor_keepsTheNameOfItsFirstModelThroughSwaps() {
    List<String> names = new CopyOnWriteArrayList<>();
    InferenceListener listener =
        new InferenceListener() {
          @Override
          public void completed(ModelVersion version, long queueNanos, long totalNanos) {
            names.add(version.predictor() + " " + version.version());
          }
        };
    try (SwappablePredictor<float[], float[]> predictor =
        Predictor.builder()
            .model(model.named("first.onnx"))
            .input(VectorInput.floats(2))
            .output(VectorOutput.floats())
            .listener(listener)
            .buildSwappable()) {
      predictor.predict(ROW);
      predictor.swap(model.named("second.onnx"));
      predictor.predict(ROW);
    }
    assertThat(names).containsExactly("first.onnx 1", "first.onnx 2");
  }

  @Test
  void randomTraffic_everyRequestEndsExactlyOnce() {
    SplittableRandom random = new SplittableRandom(11);
    StubModel poisoned =
        StubModel.computing(2, 1, row -> new float[] {row[0]}).failingOn(row -> row[0] == 99);
    int requests = 3_000;
    List<CompletableFuture<float[]>> answers = new ArrayList<>();
    try (Predictor<float[], float[]> predictor = builder(poisoned).maxPending(200).build()) {
      for (int i = 0; i < requests; i++) {
        int dice = random.nextInt(100);
        float[] row = dice == 0 ? new float[5] : new float[] {dice == 1 ? 99 : dice, 0};
        CallOptions options =
            dice % 3 == 0
                ? CallOptions.within(Duration.ofNanos(1_000 + random.nextInt(3_000_000)))
                : CallOptions.defaults().priority(dice % 5);
        CompletableFuture<float[]> answer = predictor.predictAsync(row, options);
        if (dice % 11 == 0) {
          answer.cancel(false);
        }
        answers.add(answer);
      }
      answers.forEach(answer -> answer.exceptionally(error -> new float[1]).join());
      Awaitility.await().until(() -> statistics.summary().ended() >= requests);
    }
    assertThat(statistics.summary().ended()).isEqualTo(requests);
    long succeeded = answers.stream().filter(answer -> !answer.isCompletedExceptionally()).count();
    assertThat(statistics.summary().completed()).isEqualTo(succeeded);
    assertThat(statistics.summary().cancelled())
        .isEqualTo(answers.stream().filter(CompletableFuture::isCancelled).count());
    poisoned.assertClosed();
  }
}
