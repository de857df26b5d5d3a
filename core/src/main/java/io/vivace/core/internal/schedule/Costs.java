package io.vivace.core.internal.schedule;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What runs have taken lately, for each group of shapes and each power of two of rows. Old figures
 * give way to new ones. Thread-safe.
 */
public final class Costs {
  /** Groups are numbers from 0 to one less. */
  public static final int GROUPS = 256;

  /** Sizes of a run are told apart up to this power of two. */
  static final int SIZES = 17;

  /** How many runs are remembered of each size. */
  private static final int REMEMBERED = 32;

  /** A few runs tell what a run takes at best; how long most take needs more. */
  private static final int FEW = 2;

  private static final int CONFIDENT = 16;

  /**
   * After so long without a run nobody knows how long one takes. Short, for requests are turned
   * away by that figure: then nothing runs, and nothing new is learnt.
   */
  private static final long STALE_NANOS = 2_000_000_000L;

  private final AtomicReferenceArray<@Nullable Cell> cells =
      new AtomicReferenceArray<>(GROUPS * SIZES);
  private final LongSupplier clock;

  Costs(LongSupplier clock) {
    this.clock = clock;
  }

  private static final class Cell {
    private final long[] nanos = new long[REMEMBERED];
    private int count;

    /** How many of the runs came without a long pause; only these tell how long most take. */
    private int recent;

    private volatile long lastNanos;
    private volatile long low = -1;
    private volatile long tail = -1;

    /** True if the quantiles were computed anew. */
    synchronized boolean add(long taken, long now) {
      recent = isStale(now) ? 1 : Math.min(recent + 1, REMEMBERED);
      nanos[count % REMEMBERED] = taken;
      count++;
      lastNanos = now;
      if (recent > CONFIDENT && count % 8 != 0) {
        return false;
      }
      low = count < FEW ? -1 : sorted(Math.min(count, REMEMBERED))[Math.min(count, REMEMBERED) / 8];
      tail = recent < CONFIDENT ? -1 : sorted(recent)[recent - 1 - recent / 8];
      return true;
    }

    /** A run that was stopped counts only where nothing better is known, or runs seem shorter. */
    synchronized void addStopped(long taken, long now) {
      if (isStale(now) || taken > Math.max(low, tail)) {
        add(taken, now);
      }
    }

    private long[] sorted(int latest) {
      long[] sorted = new long[latest];
      for (int i = 0; i < latest; i++) {
        sorted[i] = nanos[(count - 1 - i) % REMEMBERED];
      }
      Arrays.sort(sorted);
      return sorted;
    }

    boolean isStale(long now) {
      return now - lastNanos >= STALE_NANOS;
    }
  }

  static int power(int rows) {
    return Math.min(SIZES - 1, 32 - Integer.numberOfLeadingZeros(rows - 1));
  }

  /**
   * Notes what a run took.
   *
   * @return true if estimates of the group have changed
   */
  boolean record(int group, int rows, long nanos) {
    return made(group, rows).add(nanos, clock.getAsLong());
  }

  /** Notes that a run would have taken longer than this, had it not been stopped. */
  void recordStopped(int group, int rows, long nanos) {
    made(group, rows).addStopped(nanos, clock.getAsLong());
  }

  private Cell made(int group, int rows) {
    int index = group * SIZES + power(rows);
    Cell cell = cells.get(index);
    if (cell == null) {
      Cell mine = new Cell();
      cell = cells.compareAndExchange(index, null, mine);
      cell = cell == null ? mine : cell;
    }
    return cell;
  }

  private @Nullable Cell cell(int group, int power) {
    return cells.get(group * SIZES + power);
  }

  /** What a run of 2 to this power rows takes if nothing disturbs it; -1 if not known. */
  long low(int group, int power) {
    Cell cell = cell(group, power);
    return cell == null ? -1 : cell.low;
  }

  /**
   * What a run of so many rows takes by what is known of the last seconds: what seven of eight runs
   * stay below if there were enough, else what a run takes at best; -1 if nothing is known.
   */
  long predicted(int group, int rows) {
    Cell cell = cell(group, power(rows));
    if (cell == null || cell.isStale(clock.getAsLong())) {
      return -1;
    }
    long tail = cell.tail;
    return tail < 0 ? cell.low : tail;
  }
}
