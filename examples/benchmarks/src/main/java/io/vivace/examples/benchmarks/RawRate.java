package io.vivace.examples.benchmarks;

import io.vivace.examples.benchmarks.FixedWindow.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Shows that the fixed-window harness is a fair peer: emptying a full queue it must come near the
 * rate of bare ONNX Runtime, one thread a processor, rows copied in and out, at its best size.
 */
final class RawRate {
  private static final long NANOS = Scale.nanos(Duration.ofSeconds(2), Duration.ofMillis(300));

  private RawRate() {}

  static <I> void selfCheck(Workload<I> workload, RawSession<I> session, Consumer<Figure> figures)
      throws Exception {
    int best = 1;
    double most = 0;
    for (int size : new int[] {1, 2, 4, 8, 16, 32, 64}) {
      double rate = bare(session, workload.items(), size, NANOS / 4);
      if (rate > most) {
        most = rate;
        best = size;
      }
    }
    int rounds = Scale.count(5, 3);
    double[] raw = new double[rounds];
    double[] window = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      raw[round] = bare(session, workload.items(), best, NANOS);
      window[round] = drained(session, workload.items(), best, (int) (most * NANOS / 1e9));
    }
    figures.accept(
        Figure.higher(
            "serve",
            workload.name() + "-fixed-window-self-check",
            Race.median(window),
            Race.median(raw),
            "1/s",
            "ort-batches-of-" + best));
  }

  private static <I> double bare(RawSession<I> session, List<I> items, int size, long nanos)
      throws InterruptedException {
    LongAdder rows = new LongAdder();
    List<Thread> threads = new ArrayList<>();
    long begin = System.nanoTime();
    for (int t = 0; t < Runtime.getRuntime().availableProcessors(); t++) {
      Thread thread = new Thread(() -> rows.add(loop(session, items, size, begin + nanos)));
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return rows.sum() / ((System.nanoTime() - begin) / 1e9);
  }

  private static <I> long loop(RawSession<I> session, List<I> items, int size, long end) {
    long rows = 0;
    try (RawBatch<I> batch = new RawBatch<>(session, size)) {
      while (System.nanoTime() < end) {
        for (int i = 0; i < size; i++) {
          batch.put(i, items.get((int) ((rows + i) % items.size())));
        }
        batch.run(size);
        for (int i = 0; i < size; i++) {
          Race.sink = batch.get(i);
        }
        rows += size;
      }
    } catch (ai.onnxruntime.OrtException e) {
      throw new IllegalStateException(e);
    }
    return rows;
  }

  private static <I> double drained(RawSession<I> session, List<I> items, int size, int count)
      throws InterruptedException {
    int requests = Math.max(size, Math.min(count, 2_000_000));
    LongAdder done = new LongAdder(); // a latch would be what two workers wait for most
    Service.Completion completion = (answer, error) -> done.increment();
    try (FixedWindow<I> window = new FixedWindow<>(session, new Setting(size, 0))) {
      for (int i = 0; i < requests; i++) {
        window.submit(items.get(i % items.size()), completion);
      }
      long begin = System.nanoTime();
      window.start();
      while (done.sum() < requests) {
        LockSupport.parkNanos(1_000_000);
      }
      return requests / ((System.nanoTime() - begin) / 1e9);
    }
  }
}
