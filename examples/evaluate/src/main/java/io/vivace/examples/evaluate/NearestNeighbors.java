package io.vivace.examples.evaluate;

import io.vivace.core.Estimator;
import io.vivace.core.FitContext;
import io.vivace.core.Predictor;
import io.vivace.core.data.Dataset;
import java.util.Arrays;

/**
 * The k nearest neighbours by Euclidean distance of standardised features; of equally near ones
 * those that come first in the training data. Answers are each class's share of the neighbours.
 *
 * @param classes how many classes there are; labels are from 0 to {@code classes - 1}
 * @param k how many neighbours are asked, from 1
 */
record NearestNeighbors(int classes, int k) implements Estimator<double[], Integer, double[]> {

  @Override
  public Predictor<double[], double[]> fit(
      Dataset<double[], Integer> training, FitContext<double[], Integer> context) {
    if (training.size() < k) {
      throw new IllegalArgumentException(
          k + " neighbours need as many examples, but there are " + training.size());
    }
    Standardization scale = new Standardization(training);
    double[][] known = training.inputs().stream().map(scale::apply).toArray(double[][]::new);
    int[] labels = training.labels().stream().mapToInt(Integer::intValue).toArray();
    return Predictor.of(example -> shares(known, labels, scale.apply(example)));
  }

  private double[] shares(double[][] known, int[] labels, double[] x) {
    double[] distances = new double[k];
    int[] nearest = new int[k];
    Arrays.fill(distances, Double.POSITIVE_INFINITY);
    for (int n = 0; n < known.length; n++) {
      insert(distances, nearest, distance(known[n], x, distances[k - 1]), n);
    }
    double[] shares = new double[classes];
    for (int n : nearest) {
      shares[labels[n]] += 1.0 / k;
    }
    return shares;
  }

  private static void insert(double[] distances, int[] nearest, double distance, int n) {
    int at = distances.length - 1;
    if (!(distance < distances[at])) {
      return;
    }
    while (at > 0 && distances[at - 1] > distance) {
      distances[at] = distances[at - 1];
      nearest[at] = nearest[at - 1];
      at--;
    }
    distances[at] = distance;
    nearest[at] = n;
  }

  /** The square of the distance, or any larger number once it is above the limit. */
  private static double distance(double[] a, double[] b, double limit) {
    double sum = 0;
    for (int i = 0; i < a.length && sum <= limit; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum;
  }
}
