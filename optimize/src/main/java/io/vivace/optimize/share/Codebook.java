package io.vivace.optimize.share;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The values that many weights share, from small to large. Immutable.
 *
 * <p>Found by Lloyd's iteration in one dimension: with the weights sorted once and their sums kept,
 * a round costs {@code k log n} and no pass over the weights. The same weights, options and seed
 * give the same values on every machine.
 */
final class Codebook {
  private static final int MOST_ROUNDS = 300;

  private final float[] values;

  private Codebook(float[] values) {
    this.values = values;
  }

  /**
   * Finds the values.
   *
   * @param weights any order, left as they are; finite
   * @param size how many values there may be, from 1; fewer are found where fewer weights differ
   * @param keepZero whether 0 is one of the values and stays it, so that pruned weights stay pruned
   */
  static Codebook of(float[] weights, int size, Centroids initial, boolean keepZero, long seed) {
    float[] sorted = weights.clone();
    Arrays.parallelSort(sorted);
    if (sorted.length == 0) {
      return new Codebook(new float[] {0});
    }
    float[] distinct = distinct(sorted, size, keepZero);
    if (distinct.length > 0) {
      return new Codebook(distinct);
    }
    double[] centroids =
        switch (initial) {
          case LINEAR -> linear(sorted, size);
          case DENSITY -> density(sorted, size);
          case K_MEANS_PLUS_PLUS -> plusPlus(sorted, size, seed);
        };
    if (keepZero) {
      pinZero(centroids);
    }
    refine(sorted, centroids, keepZero);
    return new Codebook(narrow(centroids));
  }

  /** The weights themselves, if there are no more than {@code size}; else nothing. */
  private static float[] distinct(float[] sorted, int size, boolean keepZero) {
    float[] found = new float[size];
    int count = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        if (count == size) {
          return new float[0];
        }
        found[count++] = sorted[i] == 0 ? 0f : sorted[i]; // no negative zero
      }
    }
    float[] values = Arrays.copyOf(found, count);
    if (!keepZero || Arrays.binarySearch(values, 0f) >= 0) {
      return values;
    }
    if (count == size) {
      return new float[0];
    }
    values = Arrays.copyOf(values, count + 1); // the last one is 0
    Arrays.sort(values);
    return values;
  }

  private static double[] linear(float[] sorted, int size) {
    double low = sorted[0];
    double high = sorted[sorted.length - 1];
    double[] centroids = new double[size];
    for (int i = 0; i < size; i++) {
      centroids[i] = size == 1 ? (low + high) / 2 : low + (high - low) * i / (size - 1);
    }
    return centroids;
  }

  private static double[] density(float[] sorted, int size) {
    double[] centroids = new double[size];
    for (int i = 0; i < size; i++) {
      centroids[i] = sorted[(int) ((2L * i + 1) * sorted.length / (2L * size))];
    }
    return centroids;
  }

  private static double[] plusPlus(float[] sorted, int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] nearest = new double[sorted.length];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    double[] centroids = new double[size];
    int chosen = random.nextInt(sorted.length);
    for (int i = 0; i < size; i++) {
      centroids[i] = sorted[chosen];
      double sum = 0;
      for (int j = 0; j < sorted.length; j++) {
        double distance = sorted[j] - centroids[i];
        nearest[j] = Math.min(nearest[j], distance * distance);
        sum += nearest[j];
      }
      chosen = draw(nearest, random.nextDouble() * sum);
    }
    Arrays.sort(centroids);
    return centroids;
  }

  private static int draw(double[] parts, double at) {
    double left = at;
    for (int j = 0; j < parts.length; j++) {
      left -= parts[j];
      if (left < 0) {
        return j;
      }
    }
    return parts.length - 1;
  }

  private static void pinZero(double[] centroids) {
    int nearest = 0;
    for (int i = 1; i < centroids.length; i++) {
      nearest = Math.abs(centroids[i]) < Math.abs(centroids[nearest]) ? i : nearest;
    }
    centroids[nearest] = 0;
  }

  private static void refine(float[] sorted, double[] centroids, boolean keepZero) {
    double[] sums = new double[sorted.length + 1];
    for (int i = 0; i < sorted.length; i++) {
      sums[i + 1] = sums[i] + sorted[i];
    }
    int[] ends = new int[centroids.length];
    for (int round = 0; round < MOST_ROUNDS; round++) {
      if (!assign(sorted, centroids, ends)) {
        return;
      }
      boolean empty = false;
      for (int i = 0, from = 0; i < ends.length; from = ends[i++]) {
        boolean fixed = keepZero && centroids[i] == 0;
        if (ends[i] > from && !fixed) {
          double mean = (sums[ends[i]] - sums[from]) / (ends[i] - from);
          centroids[i] = keepZero && mean == 0 ? Double.MIN_VALUE : mean;
        }
        empty |= ends[i] == from && !fixed;
      }
      if (empty) {
        relocate(sorted, centroids, ends, keepZero);
      }
    }
  }

  /** Gives every weight to its nearest value; false if nothing changed. */
  private static boolean assign(float[] sorted, double[] centroids, int[] ends) {
    boolean changed = false;
    for (int i = 0; i < ends.length; i++) {
      boolean last = i + 1 == ends.length;
      int end = last ? sorted.length : firstAbove(sorted, (centroids[i] + centroids[i + 1]) / 2);
      changed |= end != ends[i];
      ends[i] = end;
    }
    return changed;
  }

  /** A value without weights goes to where a weight is farthest from its own value. */
  private static void relocate(float[] sorted, double[] centroids, int[] ends, boolean keepZero) {
    double[] moved = centroids.clone();
    for (int i = 0, from = 0; i < ends.length; from = ends[i++]) {
      if (ends[i] == from && !(keepZero && centroids[i] == 0)) {
        moved[i] = farthest(sorted, moved, ends);
      }
    }
    Arrays.sort(moved);
    System.arraycopy(moved, 0, centroids, 0, moved.length);
  }

  private static double farthest(float[] sorted, double[] centroids, int[] ends) {
    double farthest = sorted[0];
    double most = -1;
    for (int i = 0, from = 0; i < ends.length; from = ends[i++]) {
      if (ends[i] > from) {
        for (int at : new int[] {from, ends[i] - 1}) {
          double distance = nearest(centroids, sorted[at]);
          if (distance > most) {
            most = distance;
            farthest = sorted[at];
          }
        }
      }
    }
    return farthest;
  }

  private static double nearest(double[] centroids, double weight) {
    double nearest = Double.POSITIVE_INFINITY;
    for (double centroid : centroids) {
      nearest = Math.min(nearest, Math.abs(weight - centroid));
    }
    return nearest;
  }

  private static int firstAbove(float[] sorted, double value) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] > value) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static float[] narrow(double[] centroids) {
    float[] values = new float[centroids.length];
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      float value = (float) centroids[i] + 0f; // no negative zero
      if (count == 0 || value > values[count - 1]) {
        values[count++] = value;
      }
    }
    return Arrays.copyOf(values, count);
  }

  int size() {
    return values.length;
  }

  float value(int code) {
    return values[code];
  }

  /** The code of the value nearest to a weight; of two equally near, the smaller one. */
  int code(float weight) {
    int at = Arrays.binarySearch(values, weight);
    if (at >= 0) {
      return at;
    }
    int above = -at - 1;
    if (above == 0) {
      return 0;
    }
    if (above == values.length) {
      return above - 1;
    }
    double middle = ((double) values[above - 1] + values[above]) / 2;
    return weight > middle ? above : above - 1;
  }

  float[] values() {
    return values.clone();
  }
}
