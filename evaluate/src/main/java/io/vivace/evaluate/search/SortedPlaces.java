package io.vivace.evaluate.search;

import java.util.Arrays;

/** Sorts numbers and tells where each of them stood. */
final class SortedPlaces {
  private SortedPlaces() {}

  /** Sorts the values in place, equal ones in their old order; answers their old places. */
  static int[] of(double[] values) {
    Integer[] places = new Integer[values.length];
    Arrays.setAll(places, i -> i);
    double[] old = values.clone();
    Arrays.sort(places, (a, b) -> Double.compare(old[a], old[b]));
    int[] order = new int[values.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = places[i];
      values[i] = old[order[i]];
    }
    return order;
  }
}
