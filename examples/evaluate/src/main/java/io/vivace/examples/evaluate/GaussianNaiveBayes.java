package io.vivace.examples.evaluate;

import io.vivace.core.Estimator;
import io.vivace.core.FitContext;
import io.vivace.core.Predictor;
import io.vivace.core.data.Dataset;

/**
 * Naive Bayes with a normal distribution for each feature and class. To every variance is added
 * 1e-9 of the largest variance of a feature, so that none is 0. Answers are probabilities.
 *
 * @param classes how many classes there are; labels are from 0 to {@code classes - 1}
 */
record GaussianNaiveBayes(int classes) implements Estimator<double[], Integer, double[]> {
  private static final double SMOOTHING = 1e-9;

  @Override
  public Predictor<double[], double[]> fit(
      Dataset<double[], Integer> training, FitContext<double[], Integer> context) {
    int features = training.get(0).input().length;
    double[] counts = new double[classes];
    double[][] means = new double[classes][features];
    double[][] variances = new double[classes][features];
    training.labels().forEach(label -> counts[label]++);
    training.forEach(
        e -> add(means[e.label()], e.input(), new double[features], counts[e.label()], false));
    training.forEach(
        e -> add(variances[e.label()], e.input(), means[e.label()], counts[e.label()], true));
    double least = SMOOTHING * largestVariance(training, features);
    double[] priors = new double[classes];
    for (int c = 0; c < classes; c++) {
      priors[c] = Math.log(counts[c] / training.size());
      for (int i = 0; i < features; i++) {
        variances[c][i] += least;
      }
    }
    return Predictor.of(x -> posterior(priors, means, variances, x));
  }

  private static void add(double[] sums, double[] x, double[] mean, double count, boolean squared) {
    for (int i = 0; i < x.length; i++) {
      double difference = x[i] - mean[i];
      sums[i] += (squared ? difference * difference : difference) / count;
    }
  }

  private static double largestVariance(Dataset<double[], Integer> training, int features) {
    double[] mean = new double[features];
    double[] variance = new double[features];
    training.inputs().forEach(x -> add(mean, x, new double[features], training.size(), false));
    training.inputs().forEach(x -> add(variance, x, mean, training.size(), true));
    return java.util.Arrays.stream(variance).max().orElse(0);
  }

  private static double[] posterior(
      double[] priors, double[][] means, double[][] variances, double[] x) {
    double[] logs = priors.clone();
    double largest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < logs.length; c++) {
      for (int i = 0; i < x.length && logs[c] > Double.NEGATIVE_INFINITY; i++) {
        double difference = x[i] - means[c][i];
        logs[c] -=
            0.5
                * (Math.log(2 * Math.PI * variances[c][i])
                    + difference * difference / variances[c][i]);
      }
      largest = Math.max(largest, logs[c]);
    }
    double sum = 0;
    for (int c = 0; c < logs.length; c++) {
      logs[c] = Math.exp(logs[c] - largest);
      sum += logs[c];
    }
    for (int c = 0; c < logs.length; c++) {
      logs[c] /= sum;
    }
    return logs;
  }
}
