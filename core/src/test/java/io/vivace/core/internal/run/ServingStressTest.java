package io.vivace.core.internal.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.Batching;
import io.vivace.core.CallOptions;
import io.vivace.core.EngineException;
import io.vivace.core.InferenceException;
import io.vivace.core.Overflow;
import io.vivace.core.Predictor;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random calls, deadlines, priorities, cancellations and faults of many threads. */
@Timeout(120)
class ServingStressTest {
  private static final int THREADS = 8;
  private static final int CALLS = 1_500;
  private static final int MAX_PENDING = 12;

  record Setup(Batching batching, Overflow overflow) {}

  static List<Setup> setups() {
    return List.of(
        new Setup(Batching.adaptive(), Overflow.reject()),
        new Setup(Batching.adaptive(), Overflow.dropOldest()),
        new Setup(Batching.adaptive().maxSize(4), Overflow.waitUpTo(Duration.ofMillis(1))),
        new Setup(Batching.off(), Overflow.dropOldest()),
        new Setup(Batching.fixed(4, Duration.ofNanos(50_000)), Overflow.reject()));
  }

  private final Counts counts = new Counts();
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger cancelled = new AtomicInteger();
  private final List<String> wrong = new CopyOnWriteArrayList<>();
  private final AtomicInteger runs = new AtomicInteger();

  /** Twice each row; takes a moment, and fails on negative rows. */
  private List<Tensor> twice(List<Tensor> inputs) {
    float[] values = inputs.get(0).toFloats();
    long begin = System.nanoTime();
    long nanos = runs.incrementAndGet() % 10 == 0 ? 300_000 : 20_000;
    while (System.nanoTime() - begin < nanos) {
      Thread.onSpinWait();
    }
    for (int i = 0; i < values.length; i++) {
      if (values[i] < 0) {
        throw new IllegalArgumentException("negative");
      }
      values[i] *= 2;
    }
    return List.of(Tensor.of(values, values.length, 1));
  }

  @ParameterizedTest
  @MethodSource("setups")
  void calls_random_countersAgree(Setup setup) throws Exception {
    StubEngine.Model model =
        new StubEngine.Model(
            new Signature(
                List.of(TensorSpec.of("x", ElementType.FLOAT32, Shape.ANY, 1)),
                List.of(TensorSpec.of("y", ElementType.FLOAT32, Shape.ANY, 1))),
            this::twice);
    Predictor<float[], Float> predictor =
        Predictor.builder()
            .model(model.source())
            .input(new PredictorTest.Rows(1))
            .output(row -> row.output(0).getFloat(0))
            .listener(counts)
            .concurrency(2)
            .maxPending(MAX_PENDING)
            .batching(setup.batching)
            .overflow(setup.overflow)
            .build();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      Random random = new Random(t);
      threads.add(new Thread(() -> hammer(predictor, random)));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    predictor.close();
    while (counts.closed.get() == 0) {
      Thread.onSpinWait(); // the last run may still be on its way out
    }

    assertThat(wrong).isEmpty();
    assertThat(counts.ended())
        .as("completed %s, failed %s, %s", counts.completed, counts.failed, counts.reasons)
        .isEqualTo(calls.get());
    assertThat(counts.completed).hasValue(answered.get());
    assertThat(counts.cancelled).hasValue(cancelled.get());
    assertThat(counts.mostPending.get()).isLessThanOrEqualTo(MAX_PENDING);
    assertThat(counts.zombiesEnded).hasValue(counts.zombiesBegan.get());
    assertThat(counts.closed).hasValue(1);
    assertThat(model.misuse).isEmpty();
    assertThat(model.openContexts).hasValue(0);
  }

  private void hammer(Predictor<float[], Float> predictor, Random random) {
    List<CompletableFuture<Float>> open = new ArrayList<>();
    List<Float> wanted = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      float value = random.nextInt(100) == 0 ? -1 : random.nextInt(1_000);
      CallOptions options = options(random);
      calls.incrementAndGet();
      if (random.nextInt(4) == 0) {
        check(value, () -> predictor.predict(new float[] {value}, options));
      } else {
        open.add(predictor.predictAsync(new float[] {value}, options));
        wanted.add(value);
      }
      if (random.nextInt(10) == 0 && !open.isEmpty()) {
        open.get(random.nextInt(open.size())).cancel(true);
      }
      if (open.size() > 4 || i == CALLS - 1) {
        settle(open, wanted);
      }
    }
  }

  private static CallOptions options(Random random) {
    CallOptions options = CallOptions.defaults().priority(random.nextInt(3) - 1);
    return random.nextInt(3) == 0
        ? options.deadline(Duration.ofNanos(1 + random.nextInt(400_000)))
        : options;
  }

  private void settle(List<CompletableFuture<Float>> open, List<Float> wanted) {
    for (int i = 0; i < open.size(); i++) {
      CompletableFuture<Float> future = open.get(i);
      if (future.isCancelled()) {
        cancelled.incrementAndGet();
      } else {
        check(wanted.get(i), future::join);
      }
    }
    open.clear();
    wanted.clear();
  }

  private interface Call {
    float run();
  }

  private void check(float value, Call call) {
    try {
      float answer = call.run();
      answered.incrementAndGet();
      if (answer != 2 * value) {
        wrong.add(value + " gave " + answer);
      }
    } catch (InferenceException | CompletionException e) {
      Throwable error = e instanceof CompletionException ? e.getCause() : e;
      boolean expected = error instanceof InferenceException;
      if (!expected || (error instanceof EngineException && value >= 0)) {
        wrong.add(value + " gave " + error);
      }
    }
  }
}
