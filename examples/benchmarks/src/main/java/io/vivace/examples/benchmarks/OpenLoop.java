package io.vivace.examples.benchmarks;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Requests that arrive whether or not the ones before have been answered: a Poisson process. The
 * latency of each counts from the moment at which it should have been sent, so that a service that
 * stalls, or a sender that comes late, cannot hide the time (coordinated omission). One that fails
 * counts as the slowest possible.
 */
final class OpenLoop {
  private static final long HIGHEST = 60_000_000_000L;

  /** Below this a thread that parks would come late. */
  private static final long SPIN_NANOS = 60_000;

  private OpenLoop() {}

  static <I> Load run(Service<I> service, List<I> items, double perSecond, long nanos, long seed)
      throws InterruptedException {
    ConcurrentHistogram latency = new ConcurrentHistogram(HIGHEST, 3);
    LongAdder failed = new LongAdder();
    int[] sent = new int[1];
    Semaphore done = new Semaphore(0);
    long cpu = Load.cpuNanos();
    long begin = System.nanoTime();
    schedule(
        perSecond,
        nanos,
        seed,
        begin,
        intended -> {
          service.submit(
              items.get(sent[0]++ % items.size()),
              (answer, error) -> {
                if (error != null) {
                  failed.increment();
                }
                long took = error == null ? System.nanoTime() - intended : HIGHEST;
                latency.recordValue(Math.min(HIGHEST, took));
                done.release();
              });
        });
    done.acquire(sent[0]);
    long took = System.nanoTime() - begin;
    long count = Math.max(1, latency.getTotalCount());
    return new Load(
        latency.getTotalCount() / (took / 1e9),
        (Load.cpuNanos() - cpu) / 1e3 / count,
        latency,
        failed.sum());
  }

  /** Sends one request at a time. */
  @FunctionalInterface
  interface Sender {
    void send(long intendedNanos);
  }

  /** Calls the sender at the moments of a Poisson process, late ones at once. */
  static void schedule(double perSecond, long nanos, long seed, long begin, Sender sender) {
    SplittableRandom random = new SplittableRandom(seed);
    double next = begin;
    while (true) {
      next += -Math.log(1 - random.nextDouble()) / perSecond * 1e9;
      long intended = (long) next;
      if (intended - begin > nanos) {
        return;
      }
      awaitTime(intended);
      sender.send(intended);
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // spinning without it would take a processor away
  private static void awaitTime(long at) {
    for (long left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
      if (left > SPIN_NANOS) {
        LockSupport.parkNanos(left - SPIN_NANOS / 2);
      } else {
        Thread.yield();
      }
    }
  }
}
