package io.vivace.evaluate.metric;

import java.util.Arrays;

/**
 * Sorts scores by their bits: a radix sort with passes of 11 bits, which leaves out the passes in
 * which all keys agree.
 */
final class SortKeys {
  private static final int BITS = 11;
  private static final int BUCKETS = 1 << BITS;
  private static final int PASSES = 6;

  /** Below this the histograms cost more than they save. */
  private static final int SMALL = 1500;

  private SortKeys() {}

  /** A key whose order as a signed number is the descending order of scores; -0 is 0. */
  static long descending(double score) {
    long bits = Double.doubleToRawLongBits(score + 0.0);
    return ~(bits ^ ((bits >> 63) & Long.MAX_VALUE));
  }

  static double score(long key) {
    long bits = ~key;
    return Double.longBitsToDouble(bits ^ ((bits >> 63) & Long.MAX_VALUE));
  }

  /**
   * Sorts keys; the array given may be used as scratch. The upper 33 bits, sorted in three passes,
   * leave little to do among scores that are spread; where they leave much, all bits are sorted.
   */
  static long[] sorted(long[] keys) {
    if (keys.length < SMALL) {
      Arrays.sort(keys);
      return keys;
    }
    int[][] starts = starts(keys);
    long[] scratch = new long[keys.length];
    long[] upper = passes(keys, scratch, starts, PASSES / 2);
    if (hasFinished(upper)) {
      return upper;
    }
    return passes(upper, upper == keys ? scratch : keys, starts(upper), 0);
  }

  private static long[] passes(long[] keys, long[] scratch, int[][] starts, int first) {
    long[] from = keys;
    long[] to = scratch;
    for (int pass = first; pass < PASSES; pass++) {
      int[] start = starts[pass];
      if (start.length == 0) {
        continue;
      }
      int shift = pass * BITS;
      for (long key : from) {
        to[start[digit(key, shift)]++] = key;
      }
      long[] swapped = from;
      from = to;
      to = swapped;
    }
    return from;
  }

  /** Sorts what is nearly sorted by insertion; gives up, in any order, where it is not. */
  private static boolean hasFinished(long[] keys) {
    long budget = 2L * keys.length;
    for (int i = 1; i < keys.length; i++) {
      long key = keys[i];
      int at = i;
      while (at > 0 && keys[at - 1] > key) {
        keys[at] = keys[at - 1];
        at--;
      }
      keys[at] = key;
      budget -= i - at;
      if (budget < 0) {
        return false;
      }
    }
    return true;
  }

  /** The order that sorts keys, equal ones by index; the keys stay as they are. */
  static int[] order(long[] keys) {
    int[] from = new int[keys.length];
    Arrays.setAll(from, i -> i);
    int[] to = new int[keys.length];
    int[][] starts = starts(keys);
    for (int pass = 0; pass < PASSES; pass++) {
      int[] start = starts[pass];
      if (start.length == 0) {
        continue;
      }
      int shift = pass * BITS;
      for (int index : from) {
        to[start[digit(keys[index], shift)]++] = index;
      }
      int[] swapped = from;
      from = to;
      to = swapped;
    }
    return from;
  }

  /** Where each digit of each pass begins; an empty array for a pass in which all agree. */
  private static int[][] starts(long[] keys) {
    int[][] counts = new int[PASSES][BUCKETS];
    for (long key : keys) {
      counts[0][digit(key, 0)]++;
      counts[1][digit(key, BITS)]++;
      counts[2][digit(key, 2 * BITS)]++;
      counts[3][digit(key, 3 * BITS)]++;
      counts[4][digit(key, 4 * BITS)]++;
      counts[5][digit(key, 5 * BITS)]++;
    }
    for (int pass = 0; pass < PASSES; pass++) {
      int[] count = counts[pass];
      if (keys.length == 0 || count[digit(keys[0], pass * BITS)] == keys.length) {
        counts[pass] = new int[0];
        continue;
      }
      int start = 0;
      for (int i = 0; i < BUCKETS; i++) {
        int here = count[i];
        count[i] = start;
        start += here;
      }
    }
    return counts;
  }

  /** The sign is turned, so that the digits' order is that of signed numbers. */
  private static int digit(long key, int shift) {
    return (int) ((key ^ Long.MIN_VALUE) >>> shift) & (BUCKETS - 1);
  }
}
