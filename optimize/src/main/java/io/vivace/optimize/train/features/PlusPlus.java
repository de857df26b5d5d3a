package io.vivace.optimize.train.features;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Chooses examples as first centres: each next one at random, with a probability that grows with
 * the square of its distance to those chosen (k-means++). Of {@code 2 + ln k} candidates drawn that
 * way the one is taken that leaves the smallest sum of squares.
 */
final class PlusPlus {
  private final FeatureMatrix examples;
  private final SplittableRandom random;
  private double[] nearest;

  PlusPlus(FeatureMatrix examples, SplittableRandom random) {
    this.examples = examples;
    this.random = random;
    this.nearest = new double[examples.rows()];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
  }

  double[][] choose(int clusters) {
    int trials = 2 + (int) Math.log(clusters);
    double[][] centres = new double[clusters][];
    centres[0] = examples.row(random.nextInt(examples.rows()));
    nearest = nearer(centres[0]);
    for (int i = 1; i < clusters; i++) {
      double sum = sum(nearest);
      if (!(sum > 0)) {
        throw new IllegalArgumentException(
            "%d clusters were asked for, but only %d examples differ: ask for at most that"
                .formatted(clusters, i));
      }
      double[] best = null;
      for (int trial = 0; trial < trials; trial++) {
        int drawn = draw(random.nextDouble() * sum);
        double[] left = nearer(examples.row(drawn));
        if (best == null || sum(left) < sum(best)) {
          best = left;
          centres[i] = examples.row(drawn);
        }
      }
      nearest = java.util.Objects.requireNonNull(best);
    }
    return centres;
  }

  private int draw(double at) {
    double left = at;
    int last = 0;
    for (int i = 0; i < nearest.length; i++) {
      left -= nearest[i];
      last = nearest[i] > 0 ? i : last;
      if (left < 0) {
        return i;
      }
    }
    return last;
  }

  private double[] nearer(double[] centre) {
    double[] result = new double[nearest.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = Math.min(nearest[i], Lloyd.squaredDistance(examples, i, centre, nearest[i]));
    }
    return result;
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }
}
