package io.vivace.core.testing;

import io.vivace.core.InferenceInterruptedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How a stub takes its time and fails, whatever it answers. Thread-safe. */
final class Behaviour {
  private final Deque<Supplier<? extends RuntimeException>> failures = new ArrayDeque<>();
  private Duration duration = Duration.ZERO;
  private @Nullable TestClock clock;
  private @Nullable CountDownLatch held;
  private int running;

  synchronized void takes(Duration time, @Nullable TestClock on) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("a time must not be negative, but was " + time);
    }
    duration = time;
    clock = on;
  }

  synchronized Duration duration() {
    return duration;
  }

  synchronized void failNext(int times, Supplier<? extends RuntimeException> error) {
    if (times < 1) {
      throw new IllegalArgumentException("times must be at least 1, but was " + times);
    }
    for (int i = 0; i < times; i++) {
      failures.add(error);
    }
  }

  synchronized void hold() {
    if (held == null) {
      held = new CountDownLatch(1);
    }
  }

  synchronized void release() {
    if (held != null) {
      held.countDown();
      held = null;
    }
  }

  /** Waits until so many calls are inside. */
  synchronized void awaitRunning(int calls, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    try {
      while (running < calls) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          throw new AssertionError(
              String.format(
                  "within %s there should be %d calls at a time, but there were %d",
                  limit, calls, running));
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  synchronized int running() {
    return running;
  }

  /** Stays as long as was told, then fails if it is its turn. */
  void pass(Duration atMost) {
    CountDownLatch latch;
    Duration time;
    TestClock on;
    synchronized (this) {
      running++;
      notifyAll();
      latch = held;
      time = duration.compareTo(atMost) < 0 ? duration : atMost;
      on = clock;
    }
    try {
      if (latch != null) {
        latch.await();
      }
      if (on != null) {
        on.advance(time);
      } else if (!time.isZero()) {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    } finally {
      synchronized (this) {
        running--;
      }
    }
    fail();
  }

  private void fail() {
    Supplier<? extends RuntimeException> failure;
    synchronized (this) {
      failure = failures.poll();
    }
    if (failure != null) {
      throw failure.get();
    }
  }

  private static InferenceInterruptedException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new InferenceInterruptedException("interrupted while a stub took its time", e);
  }
}
