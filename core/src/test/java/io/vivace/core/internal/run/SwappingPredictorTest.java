package io.vivace.core.internal.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.InvalidInputException;
import io.vivace.core.ModelLoadException;
import io.vivace.core.Predictor;
import io.vivace.core.PredictorClosedException;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.serve.ServedVersion;
import io.vivace.core.serve.ServedVersion.State;
import io.vivace.core.serve.SwappablePredictor;
import io.vivace.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SwappingPredictorTest {
  private static final float[] ITEM = {1, 2};

  private static Signature signature(long length) {
    return new Signature(
        List.of(TensorSpec.of("x", ElementType.FLOAT32, Shape.ANY, length)),
        List.of(TensorSpec.of("version", ElementType.FLOAT32, Shape.ANY, 1)));
  }

  /** A model that answers every row with its own number. */
  static StubEngine.Model answering(float number) {
    return new StubEngine.Model(
        signature(2),
        inputs -> {
          float[] answers = new float[(int) inputs.get(0).shape().dimension(0)];
          Arrays.fill(answers, number);
          return List.of(Tensor.of(answers, answers.length, 1));
        });
  }

  static SwappablePredictor<float[], Float> open(StubEngine.Model first) {
    return Predictor.builder()
        .model(first.source())
        .input(VectorInput.floats(2))
        .<Float>output(row -> row.output(0).getFloat(0))
        .name("swapped")
        .concurrency(3)
        .buildSwappable();
  }

  /** A caller that has its answer may be ahead of the thread that gives its lease back. */
  private static void assertGone(StubEngine.Model model) {
    if (model.artifactsClosed.get() != model.opened.get()) {
      org.awaitility.Awaitility.await()
          .until(() -> model.artifactsClosed.get() == model.opened.get());
    }
    assertThat(model.closed).hasValue(model.opened.get());
    assertThat(model.artifactsClosed).hasValue(model.opened.get());
    assertThat(model.openContexts).hasValue(0);
    assertThat(model.misuse).isEmpty();
  }

  @Test
  void swap_newModel_takesOverAndClosesTheOld() {
    StubEngine.Model one = answering(1);
    StubEngine.Model two = answering(2);
    try (var predictor = open(one)) {
      assertThat(predictor.predict(ITEM)).isEqualTo(1);
      assertThat(predictor.version().number()).isEqualTo(1);

      ServedVersion version = predictor.swap(two.source());

      assertThat(version).isEqualTo(predictor.version());
      assertThat(version.number()).isEqualTo(2);
      assertThat(version.state()).isEqualTo(State.CURRENT);
      assertThat(predictor.predict(ITEM)).isEqualTo(2);
      assertThat(predictor.predictAll(List.of(ITEM, ITEM))).containsExactly(2f, 2f);
      assertThat(predictor.predictAsync(ITEM).join()).isEqualTo(2);
      assertThat(predictor.versions())
          .extracting(ServedVersion::state)
          .containsExactly(State.CLOSED, State.CURRENT);
      assertGone(one);
    }
    assertGone(two);
  }

  @Test
  void swap_modelCannotBeLoaded_keepsTheOld() {
    StubEngine.Model one = answering(1);
    ModelSource missing =
        () -> {
          throw new ModelLoadException("not there");
        };
    try (var predictor = open(one)) {
      assertThatThrownBy(() -> predictor.swap(missing)).hasMessage("not there");
      assertThat(predictor.predict(ITEM)).isEqualTo(1);
      assertThat(predictor.versions()).hasSize(1);
      assertThat(one.closed).hasValue(0);
      assertThatThrownBy(predictor::rollback).isInstanceOf(IllegalStateException.class);
    }
    assertGone(one);
  }

  @Test
  void swap_otherSignature_listsTheDifferencesAndLeavesNothingBehind() {
    StubEngine.Model one = answering(1);
    StubEngine.Model other =
        new StubEngine.Model(
            new Signature(
                signature(2).inputs(),
                List.of(
                    TensorSpec.of("version", ElementType.FLOAT32, Shape.ANY, 3),
                    TensorSpec.of("more", ElementType.INT64, Shape.ANY))),
            inputs -> {
              int rows = (int) inputs.get(0).shape().dimension(0);
              return List.of(
                  Tensor.of(new float[3 * rows], rows, 3), Tensor.of(new long[rows], rows));
            });
    try (var predictor = open(one)) {
      assertThatThrownBy(() -> predictor.swap(other.source()))
          .isInstanceOf(ModelLoadException.class)
          .hasMessageContaining(
              "output 0 is \"version\" float32 [?, 3], not \"version\" float32 [?, 1]")
          .hasMessageContaining("output 1 is new: \"more\" int64 [?]")
          .hasMessageContaining("cannot take over from version 1");
      assertThat(other.opened).hasValue(1);
      assertGone(other);
      assertThat(predictor.predict(ITEM)).isEqualTo(1);
      assertThat(predictor.version().number()).isEqualTo(1);
    }
  }

  @Test
  void swap_codecDoesNotFit_keepsTheOld() {
    StubEngine.Model one = answering(1);
    StubEngine.Model longer = new StubEngine.Model(signature(5), inputs -> inputs);
    try (var predictor = open(one)) {
      assertThatThrownBy(() -> predictor.swap(longer.source()))
          .isInstanceOf(IllegalArgumentException.class);
      assertGone(longer);
      assertThat(predictor.predict(ITEM)).isEqualTo(1);
    }
  }

  @Test
  void swap_whileARequestRuns_letsItFinishOnItsVersion() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    StubEngine.Model slow =
        new StubEngine.Model(
            signature(2),
            inputs -> {
              if (inputs.get(0).toFloats()[0] == 7) {
                running.countDown();
                await(go);
              }
              int rows = (int) inputs.get(0).shape().dimension(0);
              return List.of(Tensor.of(new float[rows], rows, 1));
            });
    StubEngine.Model two = answering(2);
    try (var predictor = open(slow)) {
      CompletableFuture<Float> begun = predictor.predictAsync(new float[] {7, 7});
      running.await();
      predictor.swap(two.source());
      assertThat(predictor.predict(ITEM)).isEqualTo(2);
      assertThat(slow.closed).hasValue(0);
      assertThat(predictor.versions())
          .extracting(ServedVersion::state)
          .containsExactly(State.DRAINING, State.CURRENT);
      go.countDown();
      assertThat(begun.get(30, TimeUnit.SECONDS)).isEqualTo(0);
      org.awaitility.Awaitility.await().until(() -> slow.closed.get() == 1);
      assertGone(slow);
    }
  }

  @Test
  void rollback_afterTwoSwaps_goesBackStepByStep() {
    StubEngine.Model one = answering(1);
    StubEngine.Model two = answering(2);
    StubEngine.Model three = answering(3);
    try (var predictor = open(one)) {
      predictor.swap(two.source());
      predictor.swap(three.source());
      assertThat(predictor.rollback().number()).isEqualTo(4);
      assertThat(predictor.predict(ITEM)).isEqualTo(2);
      assertThat(predictor.rollback().number()).isEqualTo(5);
      assertThat(predictor.predict(ITEM)).isEqualTo(1);
      assertThatThrownBy(predictor::rollback)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("\"swapped\" has no earlier model than version 5");
      assertThat(predictor.predict(ITEM)).isEqualTo(1);
      assertGone(three);
    }
    assertGone(one);
    assertGone(two);
  }

  @Test
  void pin_acrossSwaps_staysWithItsVersion() {
    StubEngine.Model one = answering(1);
    StubEngine.Model two = answering(2);
    try (var predictor = open(one)) {
      Predictor<float[], Float> pinned = predictor.pin();
      predictor.swap(two.source());
      assertThat(pinned.predict(ITEM)).isEqualTo(1);
      assertThat(pinned.predictAsync(ITEM).join()).isEqualTo(1);
      assertThat(pinned.predictAll(List.of(ITEM))).containsExactly(1f);
      assertThat(predictor.predict(ITEM)).isEqualTo(2);
      assertThat(one.closed).hasValue(0);
      pinned.close();
      pinned.close();
      assertGone(one);
      assertThatThrownBy(() -> pinned.predict(ITEM)).isInstanceOf(PredictorClosedException.class);
    }
  }

  @Test
  void close_whilePinned_leavesThePinnedOpen() {
    StubEngine.Model one = answering(1);
    SwappablePredictor<float[], Float> predictor = open(one);
    Predictor<float[], Float> pinned = predictor.pin();
    predictor.close();
    assertThat(pinned.predict(ITEM)).isEqualTo(1);
    pinned.close();
    assertGone(one);
  }

  @Test
  void close_twice_refusesCallsSwapsAndPins() {
    StubEngine.Model one = answering(1);
    SwappablePredictor<float[], Float> predictor = open(one);
    predictor.close();
    predictor.close();
    assertGone(one);
    assertThatThrownBy(() -> predictor.predict(ITEM))
        .isInstanceOf(PredictorClosedException.class)
        .hasMessage("predictor \"swapped\" is closed");
    assertThatThrownBy(() -> predictor.predictEach(List.of(ITEM)))
        .isInstanceOf(PredictorClosedException.class);
    assertThat(predictor.predictAsync(ITEM)).isCompletedExceptionally();
    assertThatThrownBy(() -> predictor.swap(answering(2).source()))
        .isInstanceOf(PredictorClosedException.class);
    assertThatThrownBy(predictor::rollback).isInstanceOf(PredictorClosedException.class);
    assertThatThrownBy(predictor::pin).isInstanceOf(PredictorClosedException.class);
    assertThatThrownBy(predictor::models).isInstanceOf(PredictorClosedException.class);
    assertThat(predictor.signature()).isEqualTo(signature(2));
    assertThat(predictor.version().state()).isEqualTo(State.CLOSED);
  }

  @Test
  void close_duringASwap_closesBothModels() {
    StubEngine.Model one = answering(1);
    StubEngine.Model two = answering(2);
    AtomicReference<SwappablePredictor<float[], Float>> itself = new AtomicReference<>();
    itself.set(open(one));
    ModelSource closing =
        () -> {
          itself.get().close();
          return two.source().resolve();
        };
    assertThatThrownBy(() -> itself.get().swap(closing))
        .isInstanceOf(PredictorClosedException.class);
    assertGone(one);
    assertGone(two);
  }

  @Test
  void builder_changedAfterwards_doesNotReachLaterVersions() {
    var builder =
        Predictor.builder()
            .model(answering(1).source())
            .input(VectorInput.floats(2))
            .<Float>output(row -> row.output(0).getFloat(0))
            .name("before");
    try (var predictor = builder.buildSwappable()) {
      builder.name(" ").concurrency(-1);
      predictor.swap(answering(2).source());
      assertThat(predictor.predict(ITEM)).isEqualTo(2);
    }
  }

  @Test
  void predict_badItem_releasesItsLease() {
    StubEngine.Model one = answering(1);
    try (var predictor = open(one)) {
      assertThatThrownBy(() -> predictor.predict(new float[9]))
          .isInstanceOf(InvalidInputException.class);
      assertThat(predictor.predictEach(List.of(new float[9])).get(0).isAnswered()).isFalse();
      assertThat(predictor.predictAsync(new float[9])).isCompletedExceptionally();
      predictor.swap(answering(2).source());
      assertGone(one);
    }
  }

  /** The whole promise: no failure, no mixture, nothing left, whoever calls and however. */
  @Test
  void swap_thousandTimesUnderLoad_neverFailsOrMixes() throws Exception {
    List<StubEngine.Model> models = new ArrayList<>();
    models.add(answering(0));
    SwappablePredictor<float[], Float> predictor = open(models.get(0));
    AtomicReference<Throwable> failure = new AtomicReference<>();
    java.util.concurrent.atomic.AtomicBoolean done =
        new java.util.concurrent.atomic.AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Random random = new Random(t);
      Thread thread = new Thread(() -> load(predictor, random, done, failure));
      threads.add(thread);
      thread.start();
    }
    for (int swap = 1; swap <= 1000; swap++) {
      StubEngine.Model next = answering(swap);
      models.add(next);
      predictor.swap(next.source());
    }
    done.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failure.get()).isNull();
    assertThat(predictor.version().number()).isEqualTo(1001);
    assertThat(predictor.predict(ITEM)).isEqualTo(1000);
    assertThat(predictor.versions()).hasSizeLessThanOrEqualTo(102);
    predictor.close();
    models.forEach(SwappingPredictorTest::assertGone);
  }

  private static void load(
      SwappablePredictor<float[], Float> predictor,
      Random random,
      java.util.concurrent.atomic.AtomicBoolean done,
      AtomicReference<Throwable> failure) {
    float last = 0;
    try {
      while (!done.get()) {
        float answer;
        switch (random.nextInt(3)) {
          case 0 -> answer = predictor.predict(ITEM);
          case 1 -> answer = predictor.predictAsync(ITEM).get(30, TimeUnit.SECONDS);
          default -> {
            List<Float> answers = predictor.predictAll(java.util.Collections.nCopies(150, ITEM));
            assertThat(answers).hasSize(150).containsOnly(answers.get(0));
            answer = answers.get(0);
          }
        }
        assertThat(answer).isGreaterThanOrEqualTo(last);
        last = answer;
      }
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
  }

  @Test
  void close_whileOthersSwapAndPredict_leavesNothingOpen() throws Exception {
    for (int round = 0; round < 200; round++) {
      List<StubEngine.Model> models = new ArrayList<>();
      models.add(answering(0));
      SwappablePredictor<float[], Float> predictor = open(models.get(0));
      AtomicReference<Throwable> failure = new AtomicReference<>();
      Thread caller = new Thread(() -> untilClosed(() -> predictor.predict(ITEM), failure));
      Thread swapper =
          new Thread(
              () ->
                  untilClosed(
                      () -> {
                        StubEngine.Model next = answering(1);
                        models.add(next);
                        predictor.swap(next.source());
                      },
                      failure));
      caller.start();
      swapper.start();
      for (int i = 0; i < round; i++) {
        Thread.onSpinWait();
      }
      predictor.close();
      caller.join();
      swapper.join();
      assertThat(failure.get()).isNull();
      models.forEach(SwappingPredictorTest::assertGone);
    }
  }

  @Test
  void cache_overASwap_forgetsAtOnce() {
    try (var cached = io.vivace.core.serve.CachedPredictor.of(open(answering(1))).build()) {
      assertThat(cached.predict(ITEM)).isEqualTo(1);
    }
    SwappablePredictor<float[], Float> predictor = open(answering(1));
    try (var cached = io.vivace.core.serve.CachedPredictor.of(predictor).build()) {
      assertThat(cached.predict(ITEM)).isEqualTo(1);
      predictor.swap(answering(2).source());
      assertThat(cached.predict(ITEM)).isEqualTo(2);
      assertThat(cached.predictAll(List.of(ITEM))).containsExactly(2f);
      assertThat(cached.counts().entries()).isEqualTo(1);
      predictor.rollback();
      assertThat(cached.predict(ITEM)).isEqualTo(1);
    }
  }

  @Test
  void ensemble_whileMembersSwap_seesOneVersionOfEach() throws Exception {
    SwappablePredictor<float[], Float> left = open(answering(0));
    SwappablePredictor<float[], Float> right = open(answering(0));
    java.util.concurrent.atomic.AtomicBoolean done =
        new java.util.concurrent.atomic.AtomicBoolean();
    Thread swapper =
        new Thread(
            () -> {
              for (int i = 1; i <= 200; i++) {
                left.swap(answering(i).source());
                right.swap(answering(1000 * i).source());
              }
              done.set(true);
            });
    try (var ensemble =
        io.vivace.core.serve.EnsemblePredictor.of(
            List.of(left, right), (List<Float> answers) -> answers.get(0) + answers.get(1))) {
      swapper.start();
      while (!done.get()) {
        List<Float> answers = ensemble.predictAll(java.util.Collections.nCopies(40, ITEM));
        assertThat(answers).containsOnly(answers.get(0));
      }
      swapper.join();
      assertThat(ensemble.predict(ITEM)).isEqualTo(200_200);
    }
  }

  private static void untilClosed(Runnable action, AtomicReference<Throwable> failure) {
    try {
      while (true) {
        action.run();
      }
    } catch (PredictorClosedException e) {
      // as promised
    } catch (Throwable e) {
      failure.set(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
