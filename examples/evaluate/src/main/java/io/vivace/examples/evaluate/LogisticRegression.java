package io.vivace.examples.evaluate;

import io.vivace.core.Estimator;
import io.vivace.core.FitContext;
import io.vivace.core.Predictor;
import io.vivace.core.data.Dataset;
import java.util.concurrent.CancellationException;

/**
 * Multinomial logistic regression: softmax(W x + b) with W and b that minimise the mean
 * cross-entropy plus {@code penalty / 2 * |W|^2}, by Nesterov's accelerated gradient. Answers are
 * probabilities, one for each class.
 *
 * @param classes how many classes there are; labels are from 0 to {@code classes - 1}
 * @param penalty the weight of the penalty, above 0
 * @param steps how many steps of descent
 */
record LogisticRegression(int classes, double penalty, int steps)
    implements Estimator<double[], Integer, double[]> {

  @Override
  public Predictor<double[], double[]> fit(
      Dataset<double[], Integer> training, FitContext<double[], Integer> context) {
    Standardization scale = new Standardization(training);
    double[][] x =
        training.inputs().stream()
            .map(scale::apply)
            .map(LogisticRegression::withOne)
            .toArray(double[][]::new);
    int[] y = training.labels().stream().mapToInt(Integer::intValue).toArray();
    double[][] weights = new double[classes][x[0].length];
    double[][] before = new double[classes][x[0].length];
    double rate = 1 / (largestCurvature(x) + penalty);
    for (int step = 0; step < steps; step++) {
      if (context.stopSignal().isRequested()) {
        throw new CancellationException("stopped at step " + step + " of " + steps);
      }
      double momentum = step / (step + 3.0);
      double[][] ahead = new double[classes][];
      for (int c = 0; c < classes; c++) {
        ahead[c] = combine(weights[c], 1 + momentum, before[c], -momentum);
      }
      before = weights;
      weights = descend(ahead, gradient(ahead, x, y), rate);
    }
    double[][] learnt = weights;
    return Predictor.of(example -> softmax(learnt, withOne(scale.apply(example))));
  }

  private double[][] descend(double[][] from, double[][] gradient, double rate) {
    double[][] weights = new double[classes][];
    for (int c = 0; c < classes; c++) {
      weights[c] = combine(from[c], 1, gradient[c], -rate);
    }
    return weights;
  }

  private double[][] gradient(double[][] weights, double[][] x, int[] y) {
    double[][] gradient = new double[classes][x[0].length];
    for (int n = 0; n < x.length; n++) {
      double[] error = softmax(weights, x[n]);
      error[y[n]] -= 1;
      for (int c = 0; c < classes; c++) {
        for (int i = 0; i < x[n].length; i++) {
          gradient[c][i] += error[c] * x[n][i] / x.length;
        }
      }
    }
    for (int c = 0; c < classes; c++) {
      for (int i = 0; i + 1 < gradient[c].length; i++) { // the last one is the intercept
        gradient[c][i] += penalty * weights[c][i];
      }
    }
    return gradient;
  }

  private static double[] softmax(double[][] weights, double[] x) {
    double[] scores = new double[weights.length];
    double largest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < scores.length; c++) {
      for (int i = 0; i < x.length; i++) {
        scores[c] += weights[c][i] * x[i];
      }
      largest = Math.max(largest, scores[c]);
    }
    double sum = 0;
    for (int c = 0; c < scores.length; c++) {
      scores[c] = Math.exp(scores[c] - largest);
      sum += scores[c];
    }
    for (int c = 0; c < scores.length; c++) {
      scores[c] /= sum;
    }
    return scores;
  }

  /** A bound of the second derivative: half the largest eigenvalue of X'X / n (Boehning, 1992). */
  private static double largestCurvature(double[][] x) {
    double[] vector = new double[x[0].length];
    java.util.Arrays.fill(vector, 1);
    double length = 1;
    for (int round = 0; round < 50; round++) {
      double[] next = new double[vector.length];
      for (double[] row : x) {
        double product = 0;
        for (int i = 0; i < row.length; i++) {
          product += row[i] * vector[i];
        }
        for (int i = 0; i < row.length; i++) {
          next[i] += product * row[i] / x.length;
        }
      }
      length = 0;
      for (double value : next) {
        length += value * value;
      }
      length = Math.sqrt(length);
      for (int i = 0; i < next.length; i++) {
        vector[i] = next[i] / length;
      }
    }
    return 0.55 * length; // a little more than half, as the rounds approach it from below
  }

  private static double[] withOne(double[] x) {
    double[] longer = java.util.Arrays.copyOf(x, x.length + 1);
    longer[x.length] = 1;
    return longer;
  }

  private static double[] combine(double[] a, double ofA, double[] b, double ofB) {
    double[] sum = new double[a.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = ofA * a[i] + ofB * b[i];
    }
    return sum;
  }
}
