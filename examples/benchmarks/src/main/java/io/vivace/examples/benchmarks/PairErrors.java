package io.vivace.examples.benchmarks;

import io.vivace.evaluate.compare.DeLong;
import io.vivace.evaluate.compare.McNemar;
import io.vivace.evaluate.compare.PairedBootstrap;
import io.vivace.evaluate.metric.Bootstrap;
import io.vivace.evaluate.metric.ClassificationMetrics;
import io.vivace.evaluate.metric.Labels;
import io.vivace.evaluate.metric.Scores;
import java.util.SplittableRandom;

/** Tests of two models on the same examples, which are equally good and make related errors. */
final class PairErrors {
  private final Simulation simulation;

  PairErrors(Simulation simulation) {
    this.simulation = simulation;
  }

  void run() {
    for (int n : new int[] {100, 1000}) {
      mcNemar(n);
      deLong(n);
    }
    bootstrap(100, 500);
    bootstrap(1000, 200);
  }

  private void mcNemar(int n) {
    simulation.typeOneErrors(
        "n = " + n,
        random -> {
          boolean[][] right = right(random, n);
          McNemar test = McNemar.of(right[0], right[1]);
          return new boolean[] {
            test.exact().isSignificant(Simulation.ALPHA),
            test.midP().isSignificant(Simulation.ALPHA),
            test.corrected().isSignificant(Simulation.ALPHA),
            test.uncorrected().isSignificant(Simulation.ALPHA),
            test.test().isSignificant(Simulation.ALPHA)
          };
        },
        "McNemar exact",
        "McNemar mid-p",
        "McNemar corrected",
        "McNemar uncorrected",
        "McNemar as chosen");
  }

  /** Two models that are right on 80 %, and disagree on 16 %. */
  private static boolean[][] right(SplittableRandom random, int n) {
    boolean[][] right = new boolean[2][n];
    for (int i = 0; i < n; i++) {
      double u = random.nextDouble();
      right[0][i] = u < 0.8;
      right[1][i] = u < 0.72 || (u >= 0.8 && u < 0.88);
    }
    return right;
  }

  private void deLong(int n) {
    simulation.typeOneErrors(
        "n = " + n + ", areas 0.86",
        random -> {
          double[][] scores = new double[2][n];
          boolean[] positive = new boolean[n];
          fill(random, positive, scores);
          return new boolean[] {
            DeLong.of(positive, scores[0], scores[1]).test().isSignificant(Simulation.ALPHA)
          };
        },
        "DeLong");
  }

  /** Scores whose noise is shared by half; every other example is positive. */
  static void fill(SplittableRandom random, boolean[] positive, double[][] scores) {
    for (int i = 0; i < positive.length; i++) {
      positive[i] = i % 2 == 0;
      double shared = random.nextGaussian() + (positive[i] ? 2.2 : 0);
      for (double[] model : scores) {
        model[i] = shared + random.nextGaussian();
      }
    }
  }

  private void bootstrap(int n, int resamples) {
    Bootstrap bootstrap = Bootstrap.percentile().resamples(resamples).threads(1);
    simulation.typeOneErrors(
        "n = " + n + ", " + resamples + " samples",
        random -> {
          Bootstrap seeded = bootstrap.seed(random.nextLong());
          boolean[][] right = right(random, n);
          PairedBootstrap accuracy =
              PairedBootstrap.of(
                  ClassificationMetrics.ACCURACY, labels(right[0]), labels(right[1]), seeded);
          boolean[] positive = new boolean[n];
          double[][] scores = new double[2][n];
          fill(random, positive, scores);
          PairedBootstrap area =
              PairedBootstrap.of(
                  ClassificationMetrics.ROC_AUC,
                  scores(positive, scores[0]),
                  scores(positive, scores[1]),
                  seeded);
          return new boolean[] {
            accuracy.test().isSignificant(Simulation.ALPHA),
            area.test().isSignificant(Simulation.ALPHA),
            !accuracy.interval().contains(0),
            !area.interval().contains(0)
          };
        },
        "paired bootstrap of accuracy",
        "paired bootstrap of the ROC area",
        "percentile interval of the accuracy's difference without 0",
        "percentile interval of the area's difference without 0");
  }

  static Labels labels(boolean[] right) {
    int[] truth = new int[right.length];
    int[] prediction = new int[right.length];
    for (int i = 0; i < right.length; i++) {
      prediction[i] = right[i] ? 0 : 1;
    }
    return Labels.of(truth, prediction, 2);
  }

  static Scores scores(boolean[] positive, double[] scores) {
    int[] truth = new int[positive.length];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = positive[i] ? 1 : 0;
    }
    return Scores.binary(truth, scores);
  }
}
