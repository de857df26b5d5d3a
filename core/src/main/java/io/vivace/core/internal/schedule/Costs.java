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

  /** A few runs tell what a run takes at best; how long it takes at worst needs more. */
  private static final int FEW = 2;

  private static final int CONFIDENT = 16;

  /** Older figures no longer tell how long a run takes at worst. */
  private static final long STALE_NANOS = 60_000_000_000L;

  private final AtomicReferenceArray<@Nullable Cell> cells =
      new AtomicReferenceArray<>(GROUPS * SIZES);
  private final LongSupplier clock;

  Costs(LongSupplier clock) {
    this.clock = clock;
  }

  private static final class Cell {
    private final long[] nanos = new long[REMEMBERED];
    private int count;
    private long lastNanos;
    private volatile long low = -1;
    private volatile long tail = -1;

    /** True if the quantiles were computed anew. */
    synchronized boolean add(long taken, long now) {
      nanos[count % REMEMBERED] = taken;
      count++;
      lastNanos = now;
      if (count > CONFIDENT && count % 8 != 0) {
        return false;
      }
      int known = Math.min(count, REMEMBERED);
      long[] sorted = Arrays.copyOf(nanos, known);
      Arrays.sort(sorted);
      low = count < FEW ? -1 : sorted[known / 8];
      tail = count < CONFIDENT ? -1 : sorted[known - 1 - known / 32];
      return true;
    }

    synchronized boolean isFresh(long now) {
      return now - lastNanos < STALE_NANOS;
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
    int index = group * SIZES + power(rows);
    Cell cell = cells.get(index);
    if (cell == null) {
      cells.compareAndSet(index, null, new Cell());
      cell = cells.get(index);
    }
    return cell != null && cell.add(nanos, clock.getAsLong());
  }

  private @Nullable Cell cell(int group, int power) {
    return cells.get(group * SIZES + power);
  }

  /** What a run of 2 to this power rows takes if nothing disturbs it; -1 if not known. */
  long low(int group, int power) {
    Cell cell = cell(group, power);
    return cell == null ? -1 : cell.low;
  }

  /** What nearly every run of so many rows stays below; -1 if there is no confidence. */
  long tail(int group, int rows) {
    Cell cell = cell(group, power(rows));
    return cell == null || !cell.isFresh(clock.getAsLong()) ? -1 : cell.tail;
  }
}
