package io.vivace.evaluate.ensemble;

import io.vivace.evaluate.metric.Goal;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * Adds models one by one, each as often as it helps.
 *
 * @param score the metric of weights
 * @param goal which values are better
 * @param candidates how many models there are
 * @param perfect the value that no blend can better
 */
record GreedySelection(
    ToDoubleFunction<double[]> score, Goal goal, int candidates, double perfect) {
  double[] best(int rounds) {
    int[] counts = new int[candidates];
    double[] best = new double[0];
    double bestScore = Double.NaN;
    for (int round = 1; round <= rounds; round++) {
      double roundScore = add(counts, round);
      if (best.length == 0 || goal.isBetter(roundScore, bestScore)) {
        best = weights(counts, round);
        bestScore = roundScore;
      }
      if (bestScore == perfect) {
        break;
      }
    }
    return best;
  }

  /** Adds the model that is best to add; of equal ones that added least often, then the first. */
  private double add(int[] counts, int round) {
    int best = -1;
    double bestScore = Double.NaN;
    for (int i = 0; i < candidates; i++) {
      counts[i]++;
      double value = score.applyAsDouble(weights(counts, round));
      counts[i]--;
      boolean rarer = best >= 0 && value == bestScore && counts[i] < counts[best];
      if (best < 0 || rarer || goal.isBetter(value, bestScore)) {
        best = i;
        bestScore = value;
      }
    }
    counts[best]++;
    return bestScore;
  }

  private static double[] weights(int[] counts, int total) {
    return Arrays.stream(counts).mapToDouble(count -> (double) count / total).toArray();
  }
}
