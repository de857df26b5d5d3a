package io.vivace.core.internal.schedule;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How many callers there have been lately, and whether some of them are worth waiting for: callers
 * that got their answers together mostly come back together, a moment later. Guarded by the
 * scheduler's lock but for {@link #isThere} and {@link #ended}.
 */
final class Crowd<P, O> {
  /** The crowd is as big as at most in so many runs. */
  private static final int RUNS = 8;

  /** Waiting may take at most this part of what running together saves. */
  private static final int PART = 8;

  /** Saving less is not worth a timer. */
  private static final long LEAST_GAIN_NANOS = 400_000;

  private static final long LONGEST_NANOS = 2_000_000;

  /** After so many waits in vain nobody waits until so many have come. */
  private static final int MISSES = 4;

  private static final int FIRST_PAUSE = 64;
  private static final int LONGEST_PAUSE = 8192;

  /** So many callers to a slot need not be handed it in turn: none waits long. */
  private static final int FEW = 2;

  /** They are few when there have been no more at so many looks: crowds come in waves. */
  private static final int LONG = 1024;

  private final SlotPool<?> slots;
  private final Line<P, O> line;
  private final Sizing sizing;

  /** Runs of the scheduler, and rows in them; a slot that is used otherwise has one row. */
  private final AtomicInteger runs = new AtomicInteger();

  private final AtomicInteger rows = new AtomicInteger();

  private final int[] seen = new int[RUNS];
  private int run;
  private int misses;
  private int pause = FIRST_PAUSE;
  private int paused;
  private int fewSince;
  private volatile boolean there;

  Crowd(SlotPool<?> slots, Line<P, O> line, Sizing sizing) {
    this.slots = slots;
    this.line = line;
    this.sizing = sizing;
  }

  /** Whether there are more callers than can run at once, as far as is known without the lock. */
  boolean isThere() {
    return there;
  }

  /** A caller has come into the line. */
  void came(int group) {
    seen[run] = Math.max(seen[run], present());
    paused = Math.max(0, paused - 1);
    look(group);
  }

  /** A run begins, on a slot that is taken already. */
  void picked(Batch<P, O> batch) {
    run = (run + 1) % RUNS;
    seen[run] = present() - 1 + batch.rows();
    look(batch.members().get(0).group);
    runs.incrementAndGet();
    rows.addAndGet(batch.rows());
  }

  /** A run that was picked has ended. */
  void ended(Batch<P, O> batch) {
    rows.addAndGet(-batch.rows());
    runs.decrementAndGet();
  }

  /** Callers who would not run together have no reason to line up. */
  private void look(int group) {
    sizing.look();
    if (size() > FEW * slots.size()) {
      fewSince = 0;
    } else if (++fewSince == LONG) {
      sizing.uncontested();
    }
    boolean now = paused == 0 && sizing.combines(group) && size() > slots.size();
    if (now != there) {
      there = now;
    }
  }

  /** How many requests run or wait. */
  private int present() {
    return line.size() + rows.get() + Math.max(0, slots.used() - runs.get());
  }

  private int size() {
    int most = 0;
    for (int count : seen) {
      most = Math.max(most, count);
    }
    return most;
  }

  /** How many rows a run should have, so that all slots have as many and none too many. */
  int share(int group) {
    return Math.max(1, Math.min(sizing.aim(group), (size() + slots.size() - 1) / slots.size()));
  }

  /** How many rows a run may have: a crowd is shared out, unless runs are too short for that. */
  int most(int group) {
    int share = there ? share(group) : Integer.MAX_VALUE;
    return there && sizing.leastNanos(group, share) < Attendance.SHORT_NANOS
        ? Integer.MAX_VALUE
        : share;
  }

  /** Whether the first in line should wait for others to come; sees to it that it does. */
  boolean isAwaited(long now) {
    Request<P, O> head = line.first();
    if (!there || head == null || line.leaders() < line.size() || !sizing.combines(head.group)) {
      return false;
    }
    int waiting = line.sizeOf(head.group);
    long window = windowNanos(head.group, waiting);
    if (window == 0 || head.windowFrom > 0) { // once over, it is not opened again
      return window > 0 && head.waitsForOthers() && head.windowEnd > now;
    }
    head.windowFrom = waiting;
    head.windowEnd = now + window;
    unpark(head.waiter); // so that it looks at the time
    return true;
  }

  private static void unpark(@Nullable Thread waiter) {
    if (waiter != Thread.currentThread()) {
      LockSupport.unpark(waiter);
    }
  }

  /** How long those that wait should do so for others, 0 if they should not. */
  private long windowNanos(int group, int waiting) {
    int share = share(group);
    if (waiting >= share || present() >= size()) {
      return 0;
    }
    long apart = sizing.leastNanos(group, waiting) + sizing.leastNanos(group, share - waiting);
    long gain = apart - sizing.leastNanos(group, share);
    return gain < LEAST_GAIN_NANOS ? 0 : Math.min(LONGEST_NANOS, gain / PART);
  }

  /** All that were awaited have come. */
  void complete() {
    misses = 0;
    pause = FIRST_PAUSE;
  }

  /** The time of the first in line is over. */
  void timeOver(Request<P, O> head) {
    head.windowEnd = Request.NO_WINDOW;
    if (line.sizeOf(head.group) > head.windowFrom) {
      misses = 0;
    } else if (++misses == MISSES) {
      misses = 0;
      paused = pause;
      pause = Math.min(LONGEST_PAUSE, pause * 2);
      look(head.group);
    }
  }
}
