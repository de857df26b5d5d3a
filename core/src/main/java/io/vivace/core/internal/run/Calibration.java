package io.vivace.core.internal.run;

import io.vivace.core.internal.schedule.Sizing;
import io.vivace.core.internal.schedule.SlotPool;
import java.util.ArrayList;
import java.util.List;

/**
 * Warms the slots up at the sizes that runs will have, and measures what these take, on zeros. Goes
 * on to bigger sizes only while they pay and the time lasts: runs may take as long as it took to
 * open the model, but 30 to 500 ms. What is not measured then is learnt from runs.
 */
final class Calibration {
  private static final long MOST_NANOS = 500_000_000;

  /** Where models open at once, a thread that is stopped for a moment must not end it. */
  private static final long LEAST_NANOS = 30_000_000;

  /** One size has this part of the time, so that several are seen. */
  private static final int PART = 16;

  private static final int LEAST_RUNS = 2;
  private static final int MOST_RUNS = 64;
  private static final double PAYS = 0.97;

  /** A run that takes so many times what it should was interrupted: the model takes no part. */
  private static final int INTERRUPTED = 4;

  /** Two sizes in a row that do not pay are enough. */
  private static final int PATIENCE = 2;

  private final Layout layout;
  private final Sizing sizing;
  private final int openSize;
  private final int limit;
  private final long budgetNanos;
  private long spentNanos;

  /** What a run should take at most. */
  private long expectedNanos = Long.MAX_VALUE / INTERRUPTED;

  /**
   * Prepares one.
   *
   * @param openingNanos how long it took to open the model
   */
  Calibration(Layout layout, Sizing sizing, int openSize, long openingNanos) {
    this.layout = layout;
    this.sizing = sizing;
    this.openSize = openSize;
    this.limit = Math.max(layout.fixedBatch(), sizing.limit());
    this.budgetNanos = Math.max(LEAST_NANOS, Math.min(MOST_NANOS, openingNanos));
  }

  void run(SlotPool<Slot> slots) {
    List<Slot> all = new ArrayList<>();
    slots.forEach(all::add);
    nanos(all.get(0), 1); // the very first run loads code, which says nothing about the model
    spentNanos = 0;
    int largest = measure(all.get(0));
    for (Slot other : all.subList(1, all.size())) {
      for (int rows = 1; rows <= largest && !isOver(); rows *= 2) {
        nanos(other, rows);
      }
    }
  }

  private boolean isOver() {
    return isOver(0);
  }

  private boolean isOver(long afterNanos) {
    return spentNanos + afterNanos > budgetNanos;
  }

  /** Returns the largest size that is worth running. */
  private int measure(Slot slot) {
    double best = Double.MAX_VALUE;
    int largest = 1;
    int misses = 0;
    long nextNanos = 0;
    for (int rows = 1; rows <= limit && misses < PATIENCE && !isOver(nextNanos); rows *= 2) {
      long nanos = measure(slot, rows);
      double perRow = nanos / (double) rows;
      nextNanos = 2 * nanos * (1 + LEAST_RUNS);
      expectedNanos = 2 * nanos;
      if (perRow < best * PAYS) {
        best = perRow;
        largest = rows;
        misses = 0;
      } else {
        misses++;
      }
    }
    return largest;
  }

  /** The first run pays for what is made once, and does not count. */
  private long measure(Slot slot, int rows) {
    nanos(slot, rows);
    long best = Long.MAX_VALUE;
    long sum = 0;
    for (int i = 0; i < MOST_RUNS && (i < LEAST_RUNS || sum < budgetNanos / PART); i++) {
      long nanos = nanos(slot, rows);
      sizing.calibrate(layout.warmUpGroup(openSize), rows, nanos);
      best = Math.min(best, nanos);
      expectedNanos = best;
      sum += nanos;
    }
    return best;
  }

  private long nanos(Slot slot, int rows) {
    long start = System.nanoTime();
    slot.runZeros(layout.warmUpSpecs(openSize, rows), rows);
    long nanos = System.nanoTime() - start;
    spentNanos += Math.min(nanos, INTERRUPTED * expectedNanos);
    return nanos;
  }
}
