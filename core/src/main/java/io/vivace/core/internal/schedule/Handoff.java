package io.vivace.core.internal.schedule;

import java.util.concurrent.locks.LockSupport;

/** What it costs on this machine to wake a thread and let it run. */
final class Handoff {
  private static final int ROUNDS = 8;
  private static final int TURNS = 40;

  /** Measuring is hopeless beyond: a machine so busy is not a slow one. */
  private static final long MOST_NANOS = 20_000;

  private static final long LEAST_NANOS = 2_000;

  private volatile boolean mine = true;
  private volatile boolean over;

  private Handoff() {}

  private static final class Once {
    static final long NANOS = measure();
  }

  /** Nanoseconds of one hand-off, measured once in a process. */
  static long nanos() {
    return Once.NANOS;
  }

  /** Two threads wake each other in turn; the quickest round counts. */
  private static long measure() {
    Handoff handoff = new Handoff();
    Thread here = Thread.currentThread();
    Thread there = new Thread(() -> handoff.answer(here), "vivace-handoff");
    there.setDaemon(true);
    there.start();
    long best = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long begin = System.nanoTime();
      for (int turn = 0; turn < TURNS; turn++) {
        handoff.mine = false;
        LockSupport.unpark(there);
        while (!handoff.mine) {
          LockSupport.parkNanos(handoff, 1_000_000);
        }
      }
      best = Math.min(best, (System.nanoTime() - begin) / (2 * TURNS));
    }
    handoff.over = true;
    LockSupport.unpark(there);
    return Math.max(LEAST_NANOS, Math.min(MOST_NANOS, best));
  }

  private void answer(Thread other) {
    while (!over) {
      if (mine) {
        LockSupport.parkNanos(this, 1_000_000);
      } else {
        mine = true;
        LockSupport.unpark(other);
      }
    }
  }
}
