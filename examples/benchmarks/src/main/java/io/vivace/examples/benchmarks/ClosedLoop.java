package io.vivace.examples.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;

/** Callers that send the next request as soon as they have an answer. */
final class ClosedLoop {
  private static final long HIGHEST = 60_000_000_000L;

  private ClosedLoop() {}

  /** Blocking callers, one thread each. */
  static <I> Load blocking(Service<I> service, List<I> items, int callers, long nanos)
      throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(callers);
    CountDownLatch start = new CountDownLatch(1);
    AtomicLong end = new AtomicLong();
    LongAdder failed = new LongAdder();
    Histogram all = new Histogram(HIGHEST, 3);
    List<Thread> threads = new ArrayList<>();
    for (int c = 0; c < callers; c++) {
      int first = c;
      Thread thread =
          new Thread(
              () -> {
                Histogram own = new Histogram(HIGHEST, 3);
                ready.countDown();
                awaitQuietly(start);
                call(service, items, first, end.get(), own, failed);
                synchronized (all) {
                  all.add(own);
                }
              });
      threads.add(thread);
      thread.start();
    }
    ready.await();
    long cpu = Load.cpuNanos();
    long begin = System.nanoTime();
    end.set(begin + nanos);
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    return load(all, System.nanoTime() - begin, Load.cpuNanos() - cpu, failed.sum());
  }

  private static <I> void call(
      Service<I> service, List<I> items, int first, long end, Histogram own, LongAdder failed) {
    long now = System.nanoTime();
    for (int i = first; now < end; i++) {
      long sent = now;
      try {
        Race.sink = service.call(items.get(i % items.size()));
        now = System.nanoTime();
        own.recordValue(Math.min(HIGHEST, now - sent));
      } catch (Exception e) {
        failed.increment();
        now = System.nanoTime();
      }
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A few threads that keep so many asynchronous requests in flight. */
  static <I> Load asynchronous(
      Service<I> service, List<I> items, int senders, int inFlight, long nanos)
      throws InterruptedException {
    Semaphore places = new Semaphore(inFlight);
    LongAdder answered = new LongAdder();
    LongAdder failed = new LongAdder();
    long cpu = Load.cpuNanos();
    long begin = System.nanoTime();
    long end = begin + nanos;
    List<Thread> threads = new ArrayList<>();
    for (int s = 0; s < senders; s++) {
      int first = s;
      Thread thread = new Thread(() -> send(service, items, first, end, places, answered, failed));
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    places.acquire(inFlight);
    long took = System.nanoTime() - begin;
    double seconds = took / 1e9;
    long count = Math.max(1, answered.sum());
    return new Load(
        answered.sum() / seconds,
        (Load.cpuNanos() - cpu) / 1e3 / count,
        new Histogram(HIGHEST, 3),
        failed.sum());
  }

  private static <I> void send(
      Service<I> service,
      List<I> items,
      int first,
      long end,
      Semaphore places,
      LongAdder answered,
      LongAdder failed) {
    Service.Completion completion =
        (answer, error) -> {
          (error == null ? answered : failed).increment();
          places.release();
        };
    for (int i = first; System.nanoTime() < end; i++) {
      places.acquireUninterruptibly();
      service.submit(items.get(i % items.size()), completion);
    }
  }

  private static Load load(Histogram latency, long nanos, long cpuNanos, long failed) {
    long count = Math.max(1, latency.getTotalCount());
    return new Load(
        latency.getTotalCount() / (nanos / 1e9), cpuNanos / 1e3 / count, latency, failed);
  }
}
