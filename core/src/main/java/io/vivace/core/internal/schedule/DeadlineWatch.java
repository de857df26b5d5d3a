package io.vivace.core.internal.schedule;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A thread that wakes when the earliest deadline passes. Started by the first deadline; looks at
 * most once in a millisecond, so that many deadlines cost little.
 */
final class DeadlineWatch {
  private static final long PAUSE_NANOS = 1_000_000;

  /** It looks for at most one in so many parts of the time, however many wait. */
  private static final int PART = 20;

  private final String name;
  private final LongSupplier clock;
  private final LongUnaryOperator expire;
  private final AtomicLong wakeNanos = new AtomicLong(Request.NO_DEADLINE);
  private volatile @Nullable Thread thread;
  private volatile boolean ended;

  /**
   * Makes a watch.
   *
   * @param expire is given the time, ends what is over, and returns the earliest deadline left
   */
  DeadlineWatch(String name, LongSupplier clock, LongUnaryOperator expire) {
    this.name = name;
    this.clock = clock;
    this.expire = expire;
  }

  /** To be called once the request can be found. */
  void watch(long deadlineNanos) {
    if (deadlineNanos < wakeNanos.get() && lower(deadlineNanos)) {
      Thread watcher = thread;
      LockSupport.unpark(watcher == null ? start() : watcher);
    }
  }

  private boolean lower(long deadlineNanos) {
    return wakeNanos.getAndAccumulate(deadlineNanos, Math::min) > deadlineNanos;
  }

  private synchronized Thread start() {
    Thread watcher = thread;
    if (watcher == null) {
      watcher = new Thread(this::run, "vivace-" + name + "-deadlines");
      watcher.setDaemon(true);
      thread = watcher;
      if (!ended) {
        watcher.start();
      }
    }
    return watcher;
  }

  private void run() {
    long notBefore = Long.MIN_VALUE;
    while (!ended) {
      long now = clock.getAsLong();
      long wake = Math.max(wakeNanos.get(), notBefore);
      if (wake == Request.NO_DEADLINE) {
        LockSupport.park(this);
      } else if (wake > now) {
        LockSupport.parkNanos(this, wake - now);
      } else {
        wakeNanos.set(Request.NO_DEADLINE); // first, so that what comes meanwhile lowers it again
        lower(expire.applyAsLong(now));
        long taken = clock.getAsLong() - now;
        notBefore = now + taken + Math.max(PAUSE_NANOS, PART * taken);
      }
    }
  }

  void end() {
    synchronized (this) {
      ended = true;
    }
    LockSupport.unpark(thread);
  }
}
