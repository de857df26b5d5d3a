package io.vivace.examples.evaluate;

import io.vivace.core.data.Dataset;

/** Brings each feature to mean 0 and deviation 1, as the training examples have them. */
final class Standardization {
  private final double[] mean;
  private final double[] deviation;

  Standardization(Dataset<double[], Integer> training) {
    int features = training.get(0).input().length;
    mean = new double[features];
    deviation = new double[features];
    for (double[] x : training.inputs()) {
      for (int i = 0; i < features; i++) {
        mean[i] += x[i] / training.size();
      }
    }
    for (double[] x : training.inputs()) {
      for (int i = 0; i < features; i++) {
        deviation[i] += (x[i] - mean[i]) * (x[i] - mean[i]) / training.size();
      }
    }
    for (int i = 0; i < features; i++) {
      // A feature that never changes tells nothing: leave it as it is, at 0.
      deviation[i] = deviation[i] > 0 ? Math.sqrt(deviation[i]) : 1;
    }
  }

  double[] apply(double[] x) {
    if (x.length != mean.length) {
      throw new IllegalArgumentException(
          "an example must have " + mean.length + " features, but has " + x.length);
    }
    double[] scaled = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      scaled[i] = (x[i] - mean[i]) / deviation[i];
    }
    return scaled;
  }
}
