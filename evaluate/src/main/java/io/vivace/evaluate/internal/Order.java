package io.vivace.evaluate.internal;

import java.util.Arrays;

/** The order of values, without boxes: a stable merge sort of indices. */
public final class Order {
  private static final int RUN = 16;

  private Order() {}

  /**
   * Sorts indices by their values, ascending; equal values, 0.0 and -0.0 among them, keep their
   * order, and NaN comes last.
   *
   * @param values any doubles
   * @return the index of the lowest value first
   */
  public static int[] ascending(double[] values) {
    int n = values.length;
    double[] keys = new double[n];
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      keys[i] = values[i] + 0.0; // -0.0 becomes 0.0
      order[i] = i;
    }
    for (int begin = 0; begin < n; begin += RUN) {
      insertionSort(keys, order, begin, Math.min(n, begin + RUN));
    }
    int[] from = order;
    int[] to = new int[n];
    for (int width = RUN; width < n; width *= 2) {
      for (int begin = 0; begin < n; begin += 2 * width) {
        int middle = Math.min(n, begin + width);
        merge(keys, from, to, begin, middle, Math.min(n, middle + width));
      }
      int[] swapped = from;
      from = to;
      to = swapped;
      if (width > n / 2) {
        break; // doubling again would overflow for the largest arrays
      }
    }
    return from;
  }

  private static void insertionSort(double[] keys, int[] order, int begin, int end) {
    for (int i = begin + 1; i < end; i++) {
      int moved = order[i];
      int j = i;
      while (j > begin && isAfter(keys[order[j - 1]], keys[moved])) {
        order[j] = order[j - 1];
        j--;
      }
      order[j] = moved;
    }
  }

  private static void merge(double[] keys, int[] from, int[] to, int begin, int middle, int end) {
    if (middle >= end || !isAfter(keys[from[middle - 1]], keys[from[middle]])) {
      System.arraycopy(from, begin, to, begin, end - begin);
      return;
    }
    int left = begin;
    int right = middle;
    for (int i = begin; i < end; i++) {
      boolean takeRight =
          left >= middle || (right < end && isAfter(keys[from[left]], keys[from[right]]));
      to[i] = from[takeRight ? right++ : left++];
    }
  }

  private static boolean isAfter(double a, double b) {
    return a > b || (a != a && b == b);
  }

  /**
   * Puts values into an order.
   *
   * @param values any doubles
   * @param order indices
   * @return a new array
   */
  public static double[] apply(double[] values, int[] order) {
    double[] ordered = new double[order.length];
    Arrays.setAll(ordered, i -> values[order[i]]);
    return ordered;
  }
}
