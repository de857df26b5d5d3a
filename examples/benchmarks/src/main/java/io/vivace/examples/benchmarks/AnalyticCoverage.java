package io.vivace.examples.benchmarks;

import io.vivace.evaluate.compare.DeLong;
import io.vivace.evaluate.metric.Interval;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/** Coverage of the intervals that come from formulas. */
final class AnalyticCoverage {
  private static final int REPETITIONS = 10_000;

  private final Simulation simulation;

  AnalyticCoverage(Simulation simulation) {
    this.simulation = simulation;
  }

  void run() {
    for (int n : new int[] {100, 1000}) {
      for (double share : new double[] {0.5, 0.8, 0.95, 0.99}) {
        proportion(n, share);
      }
      mean(n, "normal errors", SplittableRandom::nextGaussian, Math.sqrt(2 / Math.PI), 1);
      mean(n, "Laplace errors", AnalyticCoverage::laplace, 1, 2);
      mean(
          n,
          "log-normal errors",
          random -> Math.exp(random.nextGaussian()),
          Math.exp(0.5),
          Math.exp(2));
      area(n, 1.0, 0.7602499389065233);
      area(n, 2.32635, 0.95);
    }
  }

  static double laplace(SplittableRandom random) {
    double u = random.nextDouble() - 0.5;
    return -Math.signum(u) * Math.log1p(-2 * Math.abs(u));
  }

  private void proportion(int n, double share) {
    simulation.coverage(
        "share %s, n = %d".formatted(share, n),
        REPETITIONS,
        random -> {
          int successes = 0;
          for (int i = 0; i < n; i++) {
            successes += random.nextDouble() < share ? 1 : 0;
          }
          return new boolean[] {
            Interval.wilson(successes, n, 0.95).contains(share),
            Interval.clopperPearson(successes, n, 0.95).contains(share)
          };
        },
        "Wilson",
        "Clopper-Pearson");
  }

  private void mean(
      int n, String noise, ToDoubleFunction<SplittableRandom> error, double mae, double mse) {
    simulation.coverage(
        "%s, n = %d".formatted(noise, n),
        REPETITIONS,
        random -> {
          double[] errors = new double[n];
          Arrays.setAll(errors, i -> Math.abs(error.applyAsDouble(random)));
          double[] squares = Arrays.stream(errors).map(e -> e * e).toArray();
          return new boolean[] {
            Interval.ofMean(errors, 0.95).contains(mae),
            Interval.ofMean(squares, 0.95).contains(mse)
          };
        },
        "t of MAE",
        "t of MSE");
  }

  private void area(int n, double shift, double area) {
    simulation.coverage(
        "area %.2f, n = %d".formatted(area, n),
        REPETITIONS,
        random -> {
          boolean[] positive = new boolean[n];
          double[][] scores = new double[2][n];
          for (int i = 0; i < n; i++) {
            positive[i] = i % 2 == 0;
            double shared = random.nextGaussian();
            for (double[] model : scores) {
              model[i] =
                  (shared + random.nextGaussian()) / Math.sqrt(2) + (positive[i] ? shift : 0);
            }
          }
          return new boolean[] {
            Interval.deLong(PairErrors.scores(positive, scores[0]), 0.95).contains(area),
            DeLong.of(positive, scores[0], scores[1]).interval(0.95).contains(0)
          };
        },
        "DeLong",
        "DeLong of a difference");
  }
}
