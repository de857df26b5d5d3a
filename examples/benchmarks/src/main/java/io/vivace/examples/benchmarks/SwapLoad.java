package io.vivace.examples.benchmarks;

import io.vivace.core.Predictor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** Blocking, asynchronous and many-row callers that check every answer. */
final class SwapLoad {
  private static final int KEYS = 16;
  private static final int IN_FLIGHT = 256;

  private final Predictor<float[], float[]> predictor;
  private final LongAdder answers;
  private final LongAdder failures;
  private final LongAdder mixed;
  private final LongAdder[] byVersion;
  private final List<float[]> rows = IntStream.range(0, KEYS).mapToObj(Lookup::row).toList();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  SwapLoad(
      Predictor<float[], float[]> predictor,
      LongAdder answers,
      LongAdder failures,
      LongAdder mixed,
      LongAdder[] byVersion) {
    this.predictor = predictor;
    this.answers = answers;
    this.failures = failures;
    this.mixed = mixed;
    this.byVersion = byVersion;
  }

  void start() {
    List.<Runnable>of(this::one, this::one, this::many, this::later)
        .forEach(work -> threads.add(new Thread(work)));
    threads.forEach(Thread::start);
  }

  void stop() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void one() {
    for (int key = 0; !stopped; key = (key + 1) % KEYS) {
      try {
        check(predictor.predict(rows.get(key)), key);
      } catch (RuntimeException e) {
        failed(e);
      }
    }
  }

  /** One call must be answered by one version. */
  private void many() {
    while (!stopped) {
      try {
        List<float[]> all = predictor.predictAll(rows);
        int first = check(all.get(0), 0);
        for (int key = 1; key < KEYS; key++) {
          if (check(all.get(key), key) != first) {
            mixed.increment();
          }
        }
      } catch (RuntimeException e) {
        failed(e);
      }
    }
  }

  private void later() {
    Semaphore places = new Semaphore(IN_FLIGHT);
    for (int key = 0; !stopped; key = (key + 1) % KEYS) {
      places.acquireUninterruptibly();
      int asked = key;
      CompletableFuture<float[]> answer = predictor.predictAsync(rows.get(key));
      var unused =
          answer.whenComplete(
              (value, error) -> {
                if (error == null) {
                  check(value, asked);
                } else {
                  failed(error);
                }
                places.release();
              });
    }
    places.acquireUninterruptibly(IN_FLIGHT);
  }

  private int check(float[] answer, int key) {
    int version = Lookup.versionOf(answer, key);
    answers.increment();
    byVersion[version].increment();
    return version;
  }

  private void failed(Throwable error) {
    if (failures.sum() == 0) {
      System.err.println("the first failure: " + error);
    }
    failures.increment();
  }
}
