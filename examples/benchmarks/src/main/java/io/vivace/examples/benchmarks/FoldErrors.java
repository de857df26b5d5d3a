package io.vivace.examples.benchmarks;

import io.vivace.evaluate.compare.Alternative;
import io.vivace.evaluate.compare.BayesianCorrelatedT;
import io.vivace.evaluate.compare.CorrectedResampledT;
import io.vivace.evaluate.compare.FiveByTwo;
import io.vivace.evaluate.compare.Posterior;
import java.util.SplittableRandom;

/**
 * Tests over the folds of a real cross-validation: two nearest-mean classifiers, each sees one of
 * two features that are equally good, so no model is better, but training sets overlap as they do
 * in practice.
 */
final class FoldErrors {
  private static final int ROWS = 100;

  private final Simulation simulation;

  FoldErrors(Simulation simulation) {
    this.simulation = simulation;
  }

  void run() {
    folds(1, 10);
    folds(10, 10);
    folds(1, 5);
    fiveByTwo();
  }

  private void folds(int repetitions, int folds) {
    simulation.typeOneErrors(
        "%d x %d folds of %d rows".formatted(repetitions, folds, ROWS),
        random -> {
          double[] differences = differences(random, repetitions, folds);
          CorrectedResampledT corrected = new CorrectedResampledT(differences, 1.0 / (folds - 1));
          Posterior posterior = BayesianCorrelatedT.of(corrected).posterior(0);
          // a ratio of nearly nothing makes it the plain paired t-test, for comparison
          CorrectedResampledT plain = new CorrectedResampledT(differences, 1e-12);
          return new boolean[] {
            corrected.test().isSignificant(Simulation.ALPHA),
            corrected.test(Alternative.GREATER).isSignificant(Simulation.ALPHA),
            Math.max(posterior.below(), posterior.above()) > 1 - Simulation.ALPHA / 2,
            plain.test().isSignificant(Simulation.ALPHA)
          };
        },
        "corrected resampled t",
        "corrected resampled t, one-sided",
        "Bayesian correlated t, sure of a sign by 97.5 %",
        "(plain paired t, not offered)");
  }

  private void fiveByTwo() {
    simulation.typeOneErrors(
        "5 x 2 folds of " + ROWS + " rows",
        random -> {
          double[] all = differences(random, 5, 2);
          double[][] pairs = new double[5][2];
          for (int i = 0; i < 10; i++) {
            pairs[i / 2][i % 2] = all[i];
          }
          FiveByTwo test = FiveByTwo.of(pairs);
          return new boolean[] {
            test.t().isSignificant(Simulation.ALPHA), test.f().isSignificant(Simulation.ALPHA)
          };
        },
        "5x2cv t",
        "5x2cv F");
  }

  /** First minus second accuracy in every fold. */
  private static double[] differences(SplittableRandom random, int repetitions, int folds) {
    double[][] features = new double[2][ROWS];
    int[] truth = new int[ROWS];
    int[] order = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      truth[i] = i % 2;
      order[i] = i;
      for (double[] feature : features) {
        feature[i] = random.nextGaussian() + truth[i];
      }
    }
    double[] differences = new double[repetitions * folds];
    for (int run = 0; run < differences.length; run++) {
      if (run % folds == 0) {
        shuffle(random, order);
      }
      int fold = run % folds;
      differences[run] =
          accuracy(features[0], truth, order, fold, folds)
              - accuracy(features[1], truth, order, fold, folds);
    }
    return differences;
  }

  private static void shuffle(SplittableRandom random, int[] order) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int moved = order[i];
      order[i] = order[j];
      order[j] = moved;
    }
  }

  private static double accuracy(double[] feature, int[] truth, int[] order, int fold, int folds) {
    double[] sums = new double[2];
    int[] counts = new int[2];
    for (int i = 0; i < order.length; i++) {
      if (i % folds != fold) {
        sums[truth[order[i]]] += feature[order[i]];
        counts[truth[order[i]]]++;
      }
    }
    double low = sums[0] / Math.max(1, counts[0]);
    double high = sums[1] / Math.max(1, counts[1]);
    int right = 0;
    int tested = 0;
    for (int i = fold; i < order.length; i += folds) {
      double value = feature[order[i]];
      int predicted = Math.abs(value - high) < Math.abs(value - low) ? 1 : 0;
      right += predicted == truth[order[i]] ? 1 : 0;
      tested++;
    }
    return (double) right / tested;
  }
}
