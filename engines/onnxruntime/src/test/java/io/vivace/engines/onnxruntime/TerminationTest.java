package io.vivace.engines.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.Batching;
import io.vivace.core.CallOptions;
import io.vivace.core.DeadlineExceededException;
import io.vivace.core.EngineException;
import io.vivace.core.Predictor;
import io.vivace.core.PredictorBuilder;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.observe.InferenceListener;
import io.vivace.core.observe.ModelVersion;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import io.vivace.core.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ends runs of a model that turns as often as it is told, which would take hours. */
@Timeout(120)
class TerminationTest {
  private static final float[] ENDLESS = {1e9f};
  private static final float[] LONG = {100_000};
  private static final float[] SHORT = {1};
  private static final CallOptions SOON = CallOptions.within(Duration.ofMillis(30));

  /** Counts runs that nobody waits for. */
  private static final class Zombies implements InferenceListener {
    final AtomicInteger began = new AtomicInteger();
    final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public void zombieBegan(ModelVersion model) {
      began.incrementAndGet();
    }

    @Override
    public void zombieEnded(ModelVersion model, long nanos) {
      ended.countDown();
    }
  }

  private static PredictorBuilder<float[], float[]> builder() {
    return Predictor.builder()
        .model(ModelSource.path(OddModels.artifact("turns").path()))
        .input(VectorInput.floats(1))
        .output(VectorOutput.floats())
        .concurrency(1);
  }

  @Test
  void terminate_runInProgress_endsItAndTheNextOneRuns() throws Exception {
    try (LoadedModel model = OddModels.open("turns");
        ExecutionContext context = model.newContext()) {
      List<Tensor> inputs = context.prepare(List.of(TensorSpec.of("x", ElementType.FLOAT32, 1, 1)));
      inputs.get(0).data().putFloat(0, 2);
      List<Tensor> outputs = context.run();
      inputs.get(0).data().putFloat(0, ENDLESS[0]);
      CompletableFuture<Void> terminated =
          CompletableFuture.runAsync(
              () -> context.terminate(true),
              CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS));

      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(context::run)
          .withMessageContaining("was ended while it ran");
      terminated.get();
      assertThatThrownBy(context::run).as("until it is taken back").isNotNull();

      context.terminate(false);
      inputs.get(0).data().putFloat(0, 3);
      assertThat(context.run()).as("the outputs are still pinned").isSameAs(outputs);
      assertThat(outputs.get(0).data().getFloat(0)).isEqualTo(3);
    }
  }

  @Test
  void terminate_closedContext_doesNothing() {
    try (LoadedModel model = OddModels.open("turns")) {
      ExecutionContext context = model.newContext();
      context.close();
      context.terminate(true);
      context.close();
    }
  }

  @Test
  void predict_deadlinePassesDuringTheRun_endsTheRun() throws Exception {
    Zombies zombies = new Zombies();
    try (var predictor = builder().listener(zombies).build()) {
      do { // on a busy machine the deadline may pass before the run begins
        assertThatExceptionOfType(DeadlineExceededException.class)
            .isThrownBy(() -> predictor.predict(ENDLESS, SOON))
            .withMessageContaining("deadline of 30.000 ms");
      } while (zombies.began.get() == 0);
      assertThat(predictor.predict(SHORT)).as("on the only slot").containsExactly(1);
      zombies.ended.await();
      assertThat(zombies.began).hasValue(1);
    }
  }

  @Test
  void predictAsync_deadlinePassesDuringTheRun_endsTheRun() {
    try (var predictor = builder().deadline(Duration.ofMillis(30)).build()) {
      assertThatThrownBy(() -> predictor.predictAsync(ENDLESS).join())
          .hasCauseInstanceOf(DeadlineExceededException.class);
      CallOptions patient = CallOptions.within(Duration.ofMinutes(1));
      assertThat(predictor.predict(SHORT, patient)).containsExactly(1);
    }
  }

  @Test
  void predictEach_deadlinePassesDuringTheRun_endsTheRun() {
    try (var predictor = builder().build()) {
      assertThat(predictor.predictEach(List.of(SHORT, ENDLESS), SOON))
          .allSatisfy(
              outcome -> assertThat(outcome.error()).isInstanceOf(DeadlineExceededException.class));
      assertThat(predictor.predict(SHORT)).containsExactly(1);
    }
  }

  @Test
  void cancel_everyMemberOfTheBatch_endsTheRun() {
    Batching two = Batching.fixed(2, Duration.ofMinutes(1));
    try (var predictor = builder().batching(two).build()) {
      CompletableFuture<float[]> first = predictor.predictAsync(ENDLESS);
      CompletableFuture<float[]> second = predictor.predictAsync(SHORT);
      first.cancel(true);
      second.cancel(true);
      List<CompletableFuture<float[]>> next =
          List.of(predictor.predictAsync(SHORT), predictor.predictAsync(SHORT));
      assertThat(next).allSatisfy(future -> assertThat(future.join()).containsExactly(1));
    }
  }

  @Test
  void deadline_oneOfTwoStillWanted_runGoesOnForIt() {
    Batching two = Batching.fixed(2, Duration.ofMinutes(1));
    Zombies zombies = new Zombies();
    try (var predictor = builder().batching(two).listener(zombies).build()) {
      CompletableFuture<float[]> wanted = predictor.predictAsync(LONG);
      CompletableFuture<float[]> late = predictor.predictAsync(SHORT, SOON);
      assertThatThrownBy(late::join).hasCauseInstanceOf(DeadlineExceededException.class);
      assertThat(wanted.join()).containsExactly(LONG);
      assertThat(zombies.began).hasValue(0);
    }
  }
}
