package io.vivace.core.internal.schedule;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Knows whether a worker is about to look for more. Where runs are shorter than it takes to wake a
 * thread, a second worker is not called beside one that runs: it would only take the processor away
 * from those who send, or from the first. Thread-safe.
 */
final class Attendance<P, O> {
  /** A run this short is over before another thread has come to help. */
  static final long SHORT_NANOS = 50_000;

  /** A worker that has not come back for so long may have been stopped by the operating system. */
  private static final long FRESH_NANOS = 200_000;

  /** What waits for so long has been left. */
  private static final long LEFT_NANOS = 500_000;

  /** As long as short runs follow each other within this time, more are to be expected. */
  private static final long BRISK_NANOS = 10_000_000;

  /** One worker can keep up with so many full runs that wait. */
  private static final int RUNS = 2;

  private final Sizing sizing;
  private final AtomicInteger present = new AtomicInteger();
  private volatile int full;
  private volatile long since;

  Attendance(Sizing sizing, long now) {
    this.sizing = sizing;
    this.since = now - BRISK_NANOS;
  }

  /**
   * A worker begins with a batch.
   *
   * @return whether it will soon look for more, and is to call {@link #end()} before it does
   */
  boolean begin(Batch<P, O> batch, long now) {
    if (batch.rows() == 0 || batch.members().get(0).waiter != null) {
      return false;
    }
    int group = batch.members().get(0).group;
    if (sizing.leastNanos(group, batch.size()) >= SHORT_NANOS) {
      return false;
    }
    int aim = sizing.aim(group);
    full = aim > 1 ? RUNS * aim : 0;
    since = now;
    present.incrementAndGet();
    return true;
  }

  void end() {
    present.decrementAndGet();
  }

  /** Whether a worker will soon take what waits, so that no other need be called. */
  boolean covers(int waiting, long now) {
    return present.get() > 0 && waiting < full && now - since < FRESH_NANOS;
  }

  /** Whether those who wait now have been left alone for long. */
  boolean hasLeft(long now) {
    return now - since >= LEFT_NANOS;
  }

  /** Whether short runs have followed each other lately. */
  boolean isBrisk(long now) {
    return now - since < BRISK_NANOS;
  }
}
