package io.vivace.optimize.train.features;

import io.vivace.core.StopSignal;
import java.util.Arrays;

/**
 * Lloyd's iteration: each example to its nearest centre, each centre to the mean of its examples.
 * Of centres equally near the first is taken.
 *
 * <p>Bounds on the distances spare most of the work (Hamerly, 2010): an example whose upper bound
 * to its own centre is below the lower bound to all others, and below half the way from its centre
 * to the next one, stays where it is. They change nothing of the result but by rounding, and the
 * last assignment is done without them.
 */
final class Lloyd {
  /** What rounding may take from a bound, as a share of it. */
  private static final double SLACK = 1e-9;

  private final FeatureMatrix examples;
  private double[][] centres;
  private final int[] labels;
  private final double[] upper;
  private final double[] lower;
  private int rounds;
  private double inertia;

  Lloyd(FeatureMatrix examples, double[][] centres) {
    this.examples = examples;
    this.centres = centres;
    this.labels = new int[examples.rows()];
    this.upper = new double[examples.rows()];
    this.lower = new double[examples.rows()];
    Arrays.fill(labels, -1);
  }

  /** Runs until no example changes its cluster, or centres move by no more than allowed. */
  void run(int most, double rest, StopSignal stop) {
    Arrays.fill(upper, Double.POSITIVE_INFINITY);
    boolean settled = false;
    while (!settled && rounds < most) {
      stop.throwIfRequested();
      rounds++;
      boolean changed = assign();
      double[] moved = move();
      settled = !changed || squares(moved) <= rest;
      loosen(moved);
    }
    Arrays.fill(upper, Double.POSITIVE_INFINITY);
    assign();
    inertia = 0;
    for (int i = 0; i < labels.length; i++) {
      inertia += squaredDistance(examples, i, centres[labels[i]], Double.POSITIVE_INFINITY);
    }
  }

  private boolean assign() {
    double[] half = halfWayToTheNext();
    boolean changed = false;
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] >= 0 && isSafe(i, half)) {
        continue;
      }
      if (labels[i] >= 0 && Double.isFinite(upper[i])) {
        upper[i] = distance(i, labels[i]);
        if (isSafe(i, half)) {
          continue;
        }
      }
      changed |= search(i);
    }
    return changed;
  }

  private boolean isSafe(int i, double[] half) {
    return upper[i] * (1 + SLACK) < Math.max(lower[i], half[labels[i]]) * (1 - SLACK);
  }

  /** Finds the nearest centre, and the distance to the second. */
  private boolean search(int i) {
    double first = Double.POSITIVE_INFINITY;
    double second = Double.POSITIVE_INFINITY;
    int nearest = 0;
    for (int j = 0; j < centres.length; j++) {
      double distance = squaredDistance(examples, i, centres[j], second);
      if (distance < first) {
        second = first;
        first = distance;
        nearest = j;
      } else if (distance < second) {
        second = distance;
      }
    }
    upper[i] = Math.sqrt(first);
    lower[i] = Math.sqrt(second);
    boolean changed = labels[i] != nearest;
    labels[i] = nearest;
    return changed;
  }

  private double[] halfWayToTheNext() {
    double[] half = new double[centres.length];
    Arrays.fill(half, Double.POSITIVE_INFINITY);
    for (int a = 0; a < half.length; a++) {
      for (int b = 0; b < a; b++) {
        double way = Math.sqrt(squaredDistance(centres[a], centres[b])) / 2;
        half[a] = Math.min(half[a], way);
        half[b] = Math.min(half[b], way);
      }
    }
    return half;
  }

  /** Moves each centre to the mean of its examples; returns how far each went. */
  private double[] move() {
    int columns = examples.columns();
    double[][] sums = new double[centres.length][columns];
    int[] counts = new int[centres.length];
    for (int i = 0; i < labels.length; i++) {
      counts[labels[i]]++;
      for (int column = 0; column < columns; column++) {
        sums[labels[i]][column] += examples.get(i, column);
      }
    }
    refill(sums, counts);
    double[] moved = new double[centres.length];
    for (int j = 0; j < centres.length; j++) {
      for (int column = 0; column < columns; column++) {
        sums[j][column] = counts[j] > 0 ? sums[j][column] / counts[j] : centres[j][column];
      }
      moved[j] = Math.sqrt(squaredDistance(sums[j], centres[j]));
    }
    centres = sums;
    return moved;
  }

  /** Gives clusters without examples those that are farthest from their centres. */
  private void refill(double[][] sums, int[] counts) {
    double[] distances = null;
    for (int j = 0; j < counts.length; j++) {
      if (counts[j] > 0) {
        continue;
      }
      distances = distances == null ? distances() : distances;
      int farthest = 0;
      for (int i = 1; i < distances.length; i++) {
        farthest = distances[i] > distances[farthest] ? i : farthest;
      }
      distances[farthest] = -1;
      int from = labels[farthest];
      counts[j] = 1;
      counts[from]--;
      for (int column = 0; column < examples.columns(); column++) {
        sums[j][column] = examples.get(farthest, column);
        sums[from][column] -= examples.get(farthest, column);
      }
    }
  }

  private double[] distances() {
    double[] distances = new double[labels.length];
    for (int i = 0; i < distances.length; i++) {
      distances[i] = squaredDistance(examples, i, centres[labels[i]], Double.POSITIVE_INFINITY);
    }
    return distances;
  }

  private void loosen(double[] moved) {
    double most = 0;
    for (double each : moved) {
      most = Math.max(most, each);
    }
    for (int i = 0; i < labels.length; i++) {
      upper[i] += moved[labels[i]];
      lower[i] -= most;
    }
  }

  private double distance(int row, int centre) {
    return Math.sqrt(squaredDistance(examples, row, centres[centre], Double.POSITIVE_INFINITY));
  }

  double inertia() {
    return inertia;
  }

  Clustering clustering() {
    return new Clustering(centres, labels, inertia, rounds);
  }

  private static double squares(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return sum;
  }

  private static double squaredDistance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum;
  }

  /** The square of a distance, or any larger number once it is above the limit. */
  static double squaredDistance(FeatureMatrix examples, int row, double[] centre, double limit) {
    double[] values = examples.values();
    int at = row * centre.length;
    int whole = centre.length & ~3;
    double sum = 0;
    for (int i = 0; i < whole; i += 4) {
      // Four at a time, which do not wait for each other.
      double a = values[at + i] - centre[i];
      double b = values[at + i + 1] - centre[i + 1];
      double c = values[at + i + 2] - centre[i + 2];
      double d = values[at + i + 3] - centre[i + 3];
      sum += (a * a + b * b) + (c * c + d * d);
      if ((i & 15) == 12 && sum > limit) {
        return sum;
      }
    }
    for (int i = whole; i < centre.length; i++) {
      double difference = values[at + i] - centre[i];
      sum += difference * difference;
    }
    return sum;
  }
}
