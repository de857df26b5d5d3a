package io.vivace.examples.benchmarks;

import io.vivace.evaluate.compare.BayesianSignedRank;
import io.vivace.evaluate.compare.Correction;
import io.vivace.evaluate.compare.Friedman;
import io.vivace.evaluate.compare.Posterior;
import io.vivace.evaluate.compare.WilcoxonSignedRank;
import io.vivace.evaluate.compare.ZeroHandling;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Tests of models over several data sets, and corrections for many tests. */
final class RankErrors {
  private final Simulation simulation;

  RankErrors(Simulation simulation) {
    this.simulation = simulation;
  }

  void run() {
    for (int n : new int[] {10, 30, 100}) {
      wilcoxon(n, false);
      wilcoxon(n, true);
    }
    friedman(10, 4);
    friedman(30, 4);
    friedman(30, 10);
    corrections();
  }

  private void wilcoxon(int n, boolean rounded) {
    WilcoxonSignedRank test = WilcoxonSignedRank.standard();
    simulation.typeOneErrors(
        n + " data sets" + (rounded ? ", ties and zeros" : ""),
        random -> {
          double[] differences = new double[n];
          Arrays.setAll(
              differences,
              i -> {
                double difference =
                    random.nextGaussian() * (1 + i % 3); // data sets differ in spread
                return rounded ? Math.rint(difference * 1.5) : difference;
              });
          Posterior posterior =
              BayesianSignedRank.of(differences).samples(1000).seed(random.nextLong()).posterior(0);
          return new boolean[] {
            rejects(test, differences),
            rejects(test.exactUpTo(0), differences),
            rejects(test.exactUpTo(0).continuityCorrected(), differences),
            rejects(test.zeros(ZeroHandling.PRATT), differences),
            rejects(test.zeros(ZeroHandling.SPLIT), differences),
            Math.max(posterior.below(), posterior.above()) > 1 - Simulation.ALPHA / 2
          };
        },
        "Wilcoxon as chosen",
        "Wilcoxon normal",
        "Wilcoxon normal, continuity corrected",
        "Wilcoxon, Pratt's zeros",
        "Wilcoxon, zeros split",
        "Bayesian signed-rank, sure of a sign by 97.5 %");
  }

  private static boolean rejects(WilcoxonSignedRank test, double[] differences) {
    return test.test(differences).isSignificant(Simulation.ALPHA);
  }

  private void friedman(int datasets, int models) {
    simulation.typeOneErrors(
        "%d models on %d data sets".formatted(models, datasets),
        random -> {
          Friedman friedman = Friedman.ofScores(scores(random, datasets, models));
          double nemenyi =
              Arrays.stream(friedman.nemenyi()).flatMapToDouble(Arrays::stream).min().orElse(1);
          double holm = Arrays.stream(friedman.holm(0)).min().orElse(1);
          return new boolean[] {
            friedman.test().isSignificant(Simulation.ALPHA),
            friedman.imanDavenport().isSignificant(Simulation.ALPHA),
            nemenyi <= Simulation.ALPHA,
            holm <= Simulation.ALPHA
          };
        },
        "Friedman chi-squared",
        "Friedman, Iman-Davenport",
        "Nemenyi, any pair",
        "Holm against one, any");
  }

  private static double[][] scores(SplittableRandom random, int datasets, int models) {
    double[][] scores = new double[datasets][models];
    for (double[] row : scores) {
      double difficulty = random.nextGaussian();
      Arrays.setAll(row, i -> difficulty + random.nextGaussian());
    }
    return scores;
  }

  private void corrections() {
    Correction[] corrections = Correction.values();
    simulation.typeOneErrors(
        "any of 10 independent tests",
        random -> {
          double[] pValues = new double[10];
          Arrays.setAll(pValues, i -> random.nextDouble());
          boolean[] any = new boolean[corrections.length];
          for (int i = 0; i < any.length; i++) {
            any[i] =
                Arrays.stream(corrections[i].adjust(pValues)).anyMatch(p -> p <= Simulation.ALPHA);
          }
          return any;
        },
        Arrays.stream(corrections).map(each -> "correction " + each).toArray(String[]::new));
  }
}
