package io.vivace.core.internal.schedule;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Whether callers who wait long for a slot run together, so that each has its turn, or go on apart.
 * What handing over costs differs from machine to machine, so both are tried, and running together
 * is kept while it answers about as many rows. Thread-safe; callers who look in drive it.
 */
final class Turns {
  static final long MEASURE_NANOS = 10_000_000;

  /** Those who wait as they did before are served first. */
  static final long SETTLE_NANOS = 5_000_000;

  /** What is kept is compared again after so long. */
  static final long KEEP_NANOS = 2_000_000_000;

  static final long FIRST_PAUSE_NANOS = 250_000_000;
  static final long LONGEST_PAUSE_NANOS = 8_000_000_000L;

  /** Fairness is worth the rest of the throughput. */
  private static final double WORTH = 0.95;

  /** A measurement that took so many times what it should says nothing: the load has changed. */
  private static final int LATE = 5;

  private static final long NEVER = Long.MAX_VALUE;

  private enum Phase {
    IDLE(false),
    MEASURING_APART(false),
    SETTLING_TOGETHER(true),
    MEASURING_TOGETHER(true),
    KEPT(true),
    SETTLING_APART(false);

    private final boolean together;

    Phase(boolean together) {
      this.together = together;
    }
  }

  private final LongSupplier clock;
  private final LongSupplier answered;
  private final ReentrantLock lock = new ReentrantLock();

  /** Written under the lock, as is all below. */
  private volatile Phase phase = Phase.IDLE;

  private volatile long next = NEVER;
  private volatile long pausedUntil;
  private long pause = FIRST_PAUSE_NANOS;
  private long begun;
  private long rowsBefore;
  private double rateApart;

  /**
   * Makes an idle one.
   *
   * @param clock nanoseconds from an origin that is not in the future
   * @param answered about how many rows have been answered so far
   */
  Turns(LongSupplier clock, LongSupplier answered) {
    this.clock = clock;
    this.answered = answered;
  }

  boolean together() {
    return phase.together;
  }

  /** Somebody has waited long for a slot: begins a trial unless one was lost not long ago. */
  void contested() {
    if (phase != Phase.IDLE) {
      look();
    } else if (mayBegin() && lock.tryLock()) {
      try {
        if (mayBegin()) {
          measure(Phase.MEASURING_APART, clock.getAsLong());
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private boolean mayBegin() {
    return phase == Phase.IDLE && clock.getAsLong() >= pausedUntil;
  }

  /** Together without a trial until it is over, where handing over costs next to nothing. */
  void keep() {
    if (phase == Phase.IDLE && lock.tryLock()) {
      try {
        if (phase == Phase.IDLE) {
          enter(Phase.KEPT, NEVER);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** Takes the next step if it is due; costs little if not. */
  void look() {
    if (next == NEVER || clock.getAsLong() < next || !lock.tryLock()) {
      return;
    }
    try {
      long now = clock.getAsLong(); // anew, for rows are counted now
      if (now >= next) { // else another was here first
        step(now);
      }
    } finally {
      lock.unlock();
    }
  }

  /** There are few callers: apart, until somebody waits long again. */
  void over() {
    if (phase != Phase.IDLE) {
      lock.lock();
      try {
        enter(Phase.IDLE, NEVER);
      } finally {
        lock.unlock();
      }
    }
  }

  private void step(long now) {
    switch (phase) {
      case IDLE -> {} // ended by another since
      case KEPT -> enter(Phase.SETTLING_APART, now + SETTLE_NANOS);
      case SETTLING_APART -> measure(Phase.MEASURING_APART, now);
      case SETTLING_TOGETHER -> measure(Phase.MEASURING_TOGETHER, now);
      case MEASURING_APART, MEASURING_TOGETHER -> measured(now);
    }
  }

  private void measure(Phase how, long now) {
    begun = now;
    rowsBefore = answered.getAsLong();
    enter(how, now + MEASURE_NANOS);
  }

  private void measured(long now) {
    double rate = (answered.getAsLong() - rowsBefore) / (double) (now - begun);
    if (now - begun > LATE * MEASURE_NANOS) {
      enter(Phase.IDLE, NEVER);
    } else if (phase == Phase.MEASURING_TOGETHER) {
      judge(rate, now);
    } else if (rate > 0) {
      rateApart = rate;
      enter(Phase.SETTLING_TOGETHER, now + SETTLE_NANOS);
    } else {
      enter(Phase.KEPT, now + KEEP_NANOS); // nothing to compare with
    }
  }

  private void judge(double rate, long now) {
    if (rate >= WORTH * rateApart) {
      pause = FIRST_PAUSE_NANOS;
      enter(Phase.KEPT, now + KEEP_NANOS);
    } else {
      pausedUntil = now + pause;
      pause = Math.min(LONGEST_PAUSE_NANOS, pause * 2);
      enter(Phase.IDLE, NEVER);
    }
  }

  private void enter(Phase entered, long until) {
    phase = entered;
    next = until;
  }
}
