package io.vivace.evaluate.search;

import java.util.Arrays;

/** Sorts numbers and tells where each of them stood. */
final class SortedPlaces {
  private SortedPlaces() {}

  /**
   * Sorts the values in place, equal ones in their old order; answers their old places. Values that
   * are the same but for the last bits, as many as a place needs, count as equal: this lets one
   * sort of primitive numbers do.
   */
  static int[] of(double[] values) {
    int n = values.length;
    int bits = 32 - Integer.numberOfLeadingZeros(Math.max(1, n - 1));
    long mask = (1L << bits) - 1;
    long[] keys = new long[n];
    for (int i = 0; i < n; i++) {
      long raw = Double.doubleToLongBits(values[i] + 0.0); // no negative zero
      long ordered = raw < 0 ? raw ^ Long.MAX_VALUE : raw;
      keys[i] = (ordered & ~mask) | i;
    }
    Arrays.sort(keys);
    double[] old = values.clone();
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = (int) (keys[i] & mask);
      values[i] = old[order[i]];
    }
    return order;
  }
}
