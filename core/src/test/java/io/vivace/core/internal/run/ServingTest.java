package io.vivace.core.internal.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.Batching;
import io.vivace.core.CallOptions;
import io.vivace.core.DeadlineExceededException;
import io.vivace.core.EngineException;
import io.vivace.core.InvalidInputException;
import io.vivace.core.Overflow;
import io.vivace.core.OverloadedException;
import io.vivace.core.Predictor;
import io.vivace.core.PredictorBuilder;
import io.vivace.core.codec.Postprocessor;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.observe.ShedReason;
import io.vivace.core.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of calls that wait: batches, deadlines, priorities, bounds, faults. */
@Timeout(60)
class ServingTest {
  private static final Postprocessor<Float> FIRST = row -> row.output(0).getFloat(0);
  private static final CallOptions SOON = CallOptions.within(Duration.ofMillis(20));

  private final Counts counts = new Counts();
  private final List<List<Float>> batches = new CopyOnWriteArrayList<>();
  private final CountDownLatch entered = new CountDownLatch(1);
  private final Semaphore gate = new Semaphore(0);

  /** Answers each row with itself, notes the batches, and fails on a row of 666. */
  private List<Tensor> echo(List<Tensor> inputs) {
    float[] values = inputs.get(0).toFloats();
    List<Float> rows = new ArrayList<>();
    for (float value : values) {
      rows.add(value);
    }
    batches.add(rows);
    if (rows.contains(666f)) {
      throw new IllegalArgumentException("the beast");
    }
    return List.of(Tensor.of(values, values.length, 1));
  }

  /** Like echo, but each run waits to be let through. */
  private List<Tensor> gated(List<Tensor> inputs) {
    entered.countDown();
    gate.acquireUninterruptibly();
    return echo(inputs);
  }

  private StubEngine.Model model(UnaryOperator<List<Tensor>> function) {
    return new StubEngine.Model(
        new Signature(
            List.of(TensorSpec.of("x", ElementType.FLOAT32, Shape.ANY, 1)),
            List.of(TensorSpec.of("y", ElementType.FLOAT32, Shape.ANY, 1))),
        function);
  }

  private PredictorBuilder<float[], Float> builder(StubEngine.Model model) {
    return Predictor.builder()
        .model(model.source())
        .input(new PredictorTest.Rows(1))
        .output(FIRST)
        .name("busy")
        .listener(counts)
        .warmUp(false)
        .concurrency(1);
  }

  private static float[] row(float value) {
    return new float[] {value};
  }

  private static List<CompletableFuture<Float>> submit(
      Predictor<float[], Float> predictor, float... values) {
    List<CompletableFuture<Float>> futures = new ArrayList<>();
    for (float value : values) {
      futures.add(predictor.predictAsync(row(value)));
    }
    return futures;
  }

  @Test
  void predictAsync_whileTheModelIsBusy_runTogetherNext() throws Exception {
    StubEngine.Model model = model(this::gated);
    try (var predictor = builder(model).build()) {
      CompletableFuture<Float> first = predictor.predictAsync(row(1));
      entered.await();
      List<CompletableFuture<Float>> others = submit(predictor, 2, 3, 4, 5);
      gate.release(10);
      assertThat(first.join()).isEqualTo(1);
      assertThat(others).extracting(CompletableFuture::join).containsExactly(2f, 3f, 4f, 5f);
      assertThat(batches).containsExactly(List.of(1f), List.of(2f, 3f, 4f, 5f));
    }
    assertThat(counts.completed).hasValue(5);
    assertThat(counts.rows).hasValue(5);
    assertThat(counts.mostPending).hasValue(5);
    org.awaitility.Awaitility.await().untilAsserted(() -> assertThat(counts.closed).hasValue(1));
    assertThat(model.misuse).isEmpty();
  }

  @Test
  void predictAsync_batchingOff_runAlone() throws Exception {
    try (var predictor = builder(model(this::gated)).batching(Batching.off()).build()) {
      List<CompletableFuture<Float>> all = submit(predictor, 1, 2, 3);
      gate.release(10);
      assertThat(all).extracting(CompletableFuture::join).containsExactly(1f, 2f, 3f);
      assertThat(batches).hasSize(3);
    }
  }

  @Test
  void predict_fixedBatching_waitsForTheBatchToFill() throws Exception {
    Batching four = Batching.fixed(4, Duration.ofMinutes(1));
    try (var predictor = builder(model(this::echo)).batching(four).build()) {
      List<Thread> callers = new ArrayList<>();
      List<Float> answers = new CopyOnWriteArrayList<>();
      for (int i = 0; i < 8; i++) {
        float value = i;
        callers.add(new Thread(() -> answers.add(predictor.predict(row(value)))));
      }
      callers.forEach(Thread::start);
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(answers).hasSize(8).doesNotHaveDuplicates();
      assertThat(batches).hasSize(2).allMatch(batch -> batch.size() == 4);
    }
  }

  @Test
  void predict_fixedBatchingAndTooFew_runsWhenTheWindowEnds() {
    Batching many = Batching.fixed(64, Duration.ofMillis(5));
    try (var predictor = builder(model(this::echo)).batching(many).build()) {
      assertThat(predictor.predict(row(3))).isEqualTo(3);
      assertThat(predictor.predictAsync(row(4)).join()).isEqualTo(4);
    }
  }

  @Test
  void predict_blockedCallersAndCostlyRuns_combine() throws Exception {
    StubEngine.Model model =
        model(
            inputs -> {
              long begin = System.nanoTime();
              while (System.nanoTime() - begin < 400_000) {
                Thread.onSpinWait();
              }
              if (inputs.get(0).toFloats()[0] == 1) {
                return gated(inputs);
              }
              return echo(inputs);
            });
    try (var predictor = builder(model).warmUp(true).build()) {
      batches.clear();
      List<Float> answers = new CopyOnWriteArrayList<>();
      List<Thread> callers = new ArrayList<>();
      for (int i = 1; i <= 9; i++) {
        float value = i;
        callers.add(new Thread(() -> answers.add(predictor.predict(row(value)))));
      }
      callers.get(0).start();
      entered.await();
      callers.subList(1, 9).forEach(Thread::start);
      counts.awaitQueued(8);
      gate.release();
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(answers)
          .containsExactlyInAnyOrderElementsOf(
              IntStream.rangeClosed(1, 9).mapToObj(i -> (float) i).toList());
      assertThat(batches).as("8 that waited ran on one of their threads").hasSizeLessThan(5);
    }
    assertThat(counts.completed).hasValue(9);
  }

  @Test
  void predictAsync_oneBadRowOf64_theOthersHaveTheirAnswers() {
    Batching all = Batching.fixed(64, Duration.ofMinutes(1));
    try (var predictor = builder(model(this::echo)).batching(all).build()) {
      List<CompletableFuture<Float>> futures =
          IntStream.range(0, 64)
              .mapToObj(i -> predictor.predictAsync(row(i == 17 ? 666 : i)))
              .toList();
      for (int i = 0; i < 64; i++) {
        CompletableFuture<Float> future = futures.get(i);
        if (i == 17) {
          assertThatThrownBy(future::join)
              .hasCauseInstanceOf(EngineException.class)
              .hasMessageContaining("the beast");
        } else {
          assertThat(future.join()).isEqualTo(i);
        }
      }
      assertThat(batches).as("bisected").hasSizeLessThanOrEqualTo(13);
    }
    assertThat(counts.completed).hasValue(63);
    assertThat(counts.failed).hasValue(1);
  }

  @Test
  void predictAsync_everyRowBad_eachHasItsError() throws Exception {
    try (var predictor = builder(model(this::echo)).build()) {
      List<CompletableFuture<Float>> bad = submit(predictor, 666, 666, 666, 666, 666);
      assertThat(bad)
          .allSatisfy(
              future -> assertThatThrownBy(future::join).hasCauseInstanceOf(EngineException.class));
      assertThat(predictor.predictAsync(row(1)).join()).isEqualTo(1);
    }
  }

  @Test
  void predictAsync_engineThrowsAnything_isTypedAndTheWorkerLivesOn() {
    List<Throwable> thrown =
        new ArrayList<>(List.of(new StackOverflowError(), new AssertionError()));
    StubEngine.Model model =
        model(
            inputs -> {
              if (!thrown.isEmpty()) {
                throw StubEngine.sneaky(thrown.remove(0));
              }
              return echo(inputs);
            });
    try (var predictor = builder(model).build()) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> predictor.predictAsync(row(1)).join())
            .hasCauseInstanceOf(EngineException.class);
      }
      assertThat(predictor.predictAsync(row(1)).join()).isEqualTo(1);
    }
  }

  @Test
  void predict_outputsOfAnotherNumberThanStated_isAnEngineFailure() {
    StubEngine.Model model = model(inputs -> List.of(inputs.get(0), inputs.get(0)));
    try (var predictor = builder(model).build()) {
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> predictor.predict(row(1)))
          .withMessageContaining("states 1 outputs")
          .withMessageContaining("gave 2");
    }
  }

  @Test
  void predictAsync_badItem_failsAtOnceAndFreesItsPlace() {
    try (var predictor = builder(model(this::echo)).maxPending(1).build()) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> predictor.predictAsync(new float[2]).join())
            .hasCauseInstanceOf(InvalidInputException.class);
      }
      assertThat(predictor.predict(row(1))).isEqualTo(1);
    }
    assertThat(counts.failed).hasValue(3);
  }

  @Test
  void deadline_passesWhileWaiting_isShedAndNeverRuns() throws Exception {
    try (var predictor = builder(model(this::gated)).build()) {
      CompletableFuture<Float> first = predictor.predictAsync(row(1));
      entered.await();
      CompletableFuture<Float> later = predictor.predictAsync(row(2), SOON);
      assertThatThrownBy(later::join)
          .hasCauseInstanceOf(DeadlineExceededException.class)
          .hasMessageContaining("deadline of 20.000 ms")
          .hasMessageContaining("still waited for its turn");
      assertThatExceptionOfType(DeadlineExceededException.class)
          .isThrownBy(() -> predictor.predict(row(3), SOON));
      gate.release(10);
      assertThat(first.join()).isEqualTo(1);
      assertThat(predictor.predict(row(4))).isEqualTo(4);
      assertThat(batches).containsExactly(List.of(1f), List.of(4f));
    }
    assertThat(counts.shed(ShedReason.DEADLINE_PASSED)).isEqualTo(2);
  }

  @Test
  void deadline_passesDuringTheRun_letsTheCallerGoAndKeepsTheModel() throws Exception {
    StubEngine.Model model = model(this::gated);
    var predictor = builder(model).build();
    do { // on a busy machine the deadline may pass before the run begins
      assertThatExceptionOfType(DeadlineExceededException.class)
          .isThrownBy(() -> predictor.predict(row(1), SOON));
    } while (counts.zombiesBegan.get() == 0);
    predictor.close();
    assertThat(model.closed).as("closed under a run").hasValue(0);
    assertThat(counts.zombiesEnded).hasValue(0);
    gate.release(10);
    while (model.closed.get() == 0) {
      Thread.onSpinWait();
    }
    assertThat(counts.zombiesEnded).hasValue(1);
    assertThat(counts.completed).as("a late answer is no success").hasValue(0);
    assertThat(model.misuse).isEmpty();
  }

  @Test
  void deadline_ofThePredictor_holdsWhereTheCallSetsNone() throws Exception {
    try (var predictor = builder(model(this::gated)).deadline(Duration.ofMillis(20)).build()) {
      assertThatExceptionOfType(DeadlineExceededException.class)
          .isThrownBy(() -> predictor.predict(row(1)));
      assertThatThrownBy(() -> predictor.predictAsync(row(1)).join())
          .hasCauseInstanceOf(DeadlineExceededException.class);
      assertThat(predictor.predictEach(List.of(row(1), row(2))))
          .allSatisfy(
              outcome -> assertThat(outcome.error()).isInstanceOf(DeadlineExceededException.class));
      gate.release(100);
      CallOptions patient = CallOptions.within(Duration.ofMinutes(1));
      assertThat(predictor.predict(row(5), patient)).isEqualTo(5);
      assertThat(predictor.predictAll(List.of(row(6), row(7)), patient)).containsExactly(6f, 7f);
    }
  }

  @Test
  void cancel_whileWaiting_freesThePlaceAtOnce() throws Exception {
    try (var predictor = builder(model(this::gated)).maxPending(2).build()) {
      CompletableFuture<Float> running = predictor.predictAsync(row(1));
      entered.await();
      CompletableFuture<Float> waiting = predictor.predictAsync(row(2));
      assertThat(predictor.predictAsync(row(3))).isCompletedExceptionally();
      assertThat(waiting.cancel(true)).isTrue();
      assertThat(waiting.cancel(true)).as("again").isTrue();
      CompletableFuture<Float> next = predictor.predictAsync(row(4));
      assertThat(next).isNotDone();
      gate.release(10);
      assertThat(next.join()).isEqualTo(4);
      assertThat(running.join()).isEqualTo(1);
      assertThat(running.cancel(true)).as("answered").isFalse();
      assertThat(batches).containsExactly(List.of(1f), List.of(4f));
    }
    assertThat(counts.cancelled).hasValue(1);
    assertThat(counts.completed).hasValue(2);
    assertThat(counts.shed(ShedReason.QUEUE_FULL)).isEqualTo(1);
  }

  @Test
  void complete_bySomebodyElse_takesTheRequestBack() throws Exception {
    try (var predictor = builder(model(this::gated)).build()) {
      CompletableFuture<Float> running = predictor.predictAsync(row(1));
      entered.await();
      CompletableFuture<Float> waiting = predictor.predictAsync(row(2));
      assertThat(waiting.complete(7f)).isTrue();
      CompletableFuture<Float> failed = predictor.predictAsync(row(3));
      assertThat(failed.completeExceptionally(new IllegalStateException())).isTrue();
      gate.release(10);
      assertThat(running.join()).isEqualTo(1);
      assertThat(waiting.join()).isEqualTo(7);
      assertThat(batches).hasSize(1);
    }
  }

  @Test
  void priority_higher_goesFirst() throws Exception {
    try (var predictor = builder(model(this::gated)).batching(Batching.off()).build()) {
      CompletableFuture<Float> first = predictor.predictAsync(row(1));
      entered.await();
      List<CompletableFuture<Float>> all =
          Stream.of(0, -5, 10, 3, 10)
              .map(
                  priority ->
                      predictor.predictAsync(
                          row(priority), CallOptions.defaults().priority(priority)))
              .toList();
      gate.release(10);
      all.forEach(CompletableFuture::join);
      first.join();
      assertThat(batches)
          .containsExactly(
              List.of(1f), List.of(10f), List.of(10f), List.of(3f), List.of(0f), List.of(-5f));
    }
  }

  @Test
  void overflow_dropOldest_givesTheNewestThePlaceOfTheOldest() throws Exception {
    try (var predictor =
        builder(model(this::gated)).maxPending(3).overflow(Overflow.dropOldest()).build()) {
      List<CompletableFuture<Float>> all = new ArrayList<>(submit(predictor, 1));
      entered.await();
      all.addAll(submit(predictor, 2, 3, 4, 5));
      assertThatThrownBy(all.get(1)::join)
          .hasCauseInstanceOf(OverloadedException.class)
          .hasMessageContaining("newer request took this one's place");
      assertThatThrownBy(all.get(2)::join).hasCauseInstanceOf(OverloadedException.class);
      gate.release(10);
      assertThat(List.of(all.get(0), all.get(3), all.get(4)))
          .extracting(CompletableFuture::join)
          .containsExactly(1f, 4f, 5f);
    }
    assertThat(counts.shed(ShedReason.DISPLACED)).isEqualTo(2);
    assertThat(counts.mostPending).hasValue(3);
  }

  @Test
  void overflow_dropOldestAndNobodyWaits_rejects() throws Exception {
    try (var predictor =
        builder(model(this::gated)).maxPending(1).overflow(Overflow.dropOldest()).build()) {
      CompletableFuture<Float> running = predictor.predictAsync(row(1));
      entered.await();
      assertThatExceptionOfType(OverloadedException.class)
          .isThrownBy(() -> predictor.predict(row(2)));
      gate.release(10);
      assertThat(running.join()).isEqualTo(1);
    }
  }

  @Test
  void overflow_wait_blocksUntilThereIsRoomOrPatienceEnds() throws Exception {
    try (var predictor =
        builder(model(this::gated))
            .maxPending(1)
            .overflow(Overflow.waitUpTo(Duration.ofMinutes(1)))
            .build()) {
      CompletableFuture<Float> running = predictor.predictAsync(row(1));
      entered.await();
      assertThatExceptionOfType(OverloadedException.class)
          .isThrownBy(() -> predictor.predict(row(2), SOON))
          .withMessageContaining("maxPending=1");
      CompletableFuture<Float> waiting =
          CompletableFuture.supplyAsync(() -> predictor.predict(row(3)));
      gate.release(10);
      assertThat(waiting.join()).isEqualTo(3);
      assertThat(running.join()).isEqualTo(1);
    }
    assertThat(counts.shed(ShedReason.WAIT_EXPIRED)).isEqualTo(1);
  }

  @Test
  void predict_blockingCallsBeyondTheBound_areRejected() throws Exception {
    try (var predictor = builder(model(this::gated)).maxPending(1).build()) {
      CompletableFuture<Float> running =
          CompletableFuture.supplyAsync(() -> predictor.predict(row(1)));
      entered.await();
      assertThatExceptionOfType(OverloadedException.class)
          .isThrownBy(() -> predictor.predict(row(2)));
      assertThatExceptionOfType(OverloadedException.class)
          .isThrownBy(() -> predictor.predictAll(List.of(row(2))));
      gate.release(10);
      assertThat(running.join()).isEqualTo(1);
    }
  }

  @Test
  void build_newOptions_areCheckedAndPrinted() {
    PredictorBuilder<float[], Float> builder = builder(model(this::echo));
    assertThat(builder.deadline(Duration.ofMillis(50)).overflow(Overflow.dropOldest()))
        .asString()
        .contains("Batching[adaptive]", "Overflow[drop oldest]", "deadline=PT0.05S");
    assertThatThrownBy(
            () ->
                builder(model(this::echo))
                    .deadline(Duration.ZERO)
                    .overflow(null)
                    .batching(null)
                    .listener(null)
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("deadline must be above 0 and at most 365 days, but was PT0S")
        .hasMessageContaining("overflow must not be null")
        .hasMessageContaining("batching must not be null")
        .hasMessageContaining("listener must not be null");
    assertThatThrownBy(() -> Batching.fixed(0, Duration.ofMillis(1)))
        .hasMessageContaining("but was 0");
    assertThatThrownBy(() -> Batching.fixed(1, Duration.ZERO)).hasMessageContaining("PT0S");
    assertThatThrownBy(() -> Overflow.waitUpTo(Duration.ZERO)).hasMessageContaining("PT0S");
    assertThat(Batching.fixed(8, Duration.ofMillis(1)))
        .hasToString("Batching[fixed, size=8, window=PT0.001S]");
    assertThat(Batching.adaptive().maxSize(8)).hasToString("Batching[adaptive, maxSize=8]");
    assertThat(Overflow.waitUpTo(Duration.ofMillis(5)))
        .hasToString("Overflow[wait up to PT0.005S]");
  }
}
