package io.vivace.examples.benchmarks;

import io.vivace.core.CallOptions;
import io.vivace.core.DeadlineExceededException;
import io.vivace.core.EngineException;
import io.vivace.core.InvalidInputException;
import io.vivace.core.OverloadedException;
import io.vivace.core.Predictor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/** Sends requests with random deadlines, faults and cancellations, and counts what they become. */
final class SoakLoad {
  private static final int SENDERS = 2;
  private static final int IN_FLIGHT = 1_200; // more than may be pending
  private static final int KEYS = 16;

  private final Predictor<float[], float[]> predictor;
  private final List<Thread> threads = new ArrayList<>();
  private final Semaphore places = new Semaphore(IN_FLIGHT);
  private final LongAdder sent = new LongAdder();
  private final LongAdder answered = new LongAdder();
  private final LongAdder wrong = new LongAdder();
  private final LongAdder late = new LongAdder();
  private final LongAdder overloaded = new LongAdder();
  private final LongAdder overdue = new LongAdder();
  private final LongAdder invalid = new LongAdder();
  private final LongAdder poisoned = new LongAdder();
  private final LongAdder cancelled = new LongAdder();
  private final LongAdder other = new LongAdder();
  private volatile boolean stopped;

  SoakLoad(Predictor<float[], float[]> predictor) {
    this.predictor = predictor;
  }

  void start() {
    for (int s = 0; s < SENDERS; s++) {
      SplittableRandom random = new SplittableRandom(s);
      Thread thread = new Thread(() -> send(random));
      threads.add(thread);
      thread.start();
    }
  }

  void stop() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
    places.acquire(IN_FLIGHT);
  }

  private void send(SplittableRandom random) {
    while (!stopped) {
      places.acquireUninterruptibly();
      sent.increment();
      int key = random.nextInt(KEYS);
      float[] row = Lookup.row(key);
      int dice = random.nextInt(1_000);
      if (dice < 5) {
        row[0] = Lookup.POISON;
      } else if (dice < 15) {
        row = new float[3];
      }
      long deadline = 1_000_000L + random.nextLong(50_000_000L);
      long begin = System.nanoTime();
      CompletableFuture<float[]> answer =
          predictor.predictAsync(row, CallOptions.within(Duration.ofNanos(deadline)));
      var unused =
          answer.whenComplete((value, error) -> count(value, error, key, begin + deadline));
      if (random.nextInt(100) < 5) {
        answer.cancel(false);
      }
    }
  }

  private void count(
      float @org.jspecify.annotations.Nullable [] value,
      @org.jspecify.annotations.Nullable Throwable error,
      int key,
      long end) {
    if (value != null) {
      answered.increment();
      if (Lookup.versionOf(value, key) == 0) {
        wrong.increment();
      }
      if (System.nanoTime() - end > 0) {
        late.increment();
      }
    } else {
      counter(error instanceof CompletionException ? error.getCause() : error).increment();
    }
    places.release();
  }

  private LongAdder counter(@org.jspecify.annotations.Nullable Throwable error) {
    if (error instanceof OverloadedException) {
      return overloaded;
    } else if (error instanceof DeadlineExceededException) {
      return overdue;
    } else if (error instanceof InvalidInputException) {
      return invalid;
    } else if (error instanceof EngineException) {
      return poisoned;
    } else if (error instanceof CancellationException) {
      return cancelled;
    }
    if (other.sum() == 0) {
      System.err.println("soak: an unexpected error: " + error);
    }
    return other;
  }

  double sent() {
    return (double) sent.sum();
  }

  double answered() {
    return (double) answered.sum();
  }

  double wrong() {
    return (double) wrong.sum() + other.sum();
  }

  double late() {
    return (double) late.sum();
  }

  double cancelled() {
    return (double) cancelled.sum();
  }

  /** Requests that ended in a way that a caller can act on. */
  double accounted() {
    return (double) answered.sum()
        + overloaded.sum()
        + overdue.sum()
        + invalid.sum()
        + poisoned.sum()
        + cancelled.sum();
  }

  void describe() {
    System.err.printf(
        "soak: %,d sent = %,d answered + %,d overloaded + %,d overdue + %,d invalid"
            + " + %,d poisoned + %,d cancelled + %,d other%n",
        sent.sum(),
        answered.sum(),
        overloaded.sum(),
        overdue.sum(),
        invalid.sum(),
        poisoned.sum(),
        cancelled.sum(),
        other.sum());
  }
}
