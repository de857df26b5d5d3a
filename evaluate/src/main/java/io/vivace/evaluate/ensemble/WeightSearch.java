package io.vivace.evaluate.ensemble;

import io.vivace.evaluate.metric.Goal;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * Moves weight between pairs of models while the metric gains. Needs no gradient, so any metric
 * will do.
 *
 * @param score the metric of weights
 * @param goal which values are better
 * @param candidates how many models there are
 */
record WeightSearch(ToDoubleFunction<double[]> score, Goal goal, int candidates) {
  private static final double FIRST_STEP = 1.0 / 4;
  private static final double LAST_STEP = 1.0 / 256;

  double[] best(double[] greedy) {
    double[] weights = start(greedy);
    double value = score.applyAsDouble(weights);
    for (double step = FIRST_STEP; step >= LAST_STEP; step /= 2) {
      double before;
      do {
        before = value;
        for (int from = 0; from < candidates; from++) {
          for (int to = 0; to < candidates; to++) {
            value = moved(weights, from, to, step, value);
          }
        }
      } while (goal.isBetter(value, before));
    }
    return weights;
  }

  private double[] start(double[] greedy) {
    double[] best = greedy;
    double value = score.applyAsDouble(best);
    double[] equal = new double[candidates];
    Arrays.fill(equal, 1.0 / candidates);
    if (goal.isBetter(score.applyAsDouble(equal), value)) {
      best = equal;
    }
    return best.clone();
  }

  private double moved(double[] weights, int from, int to, double step, double value) {
    double amount = Math.min(step, weights[from]);
    if (from == to || amount == 0) {
      return value;
    }
    double oldFrom = weights[from];
    double oldTo = weights[to];
    weights[from] = oldFrom - amount;
    weights[to] = oldTo + amount;
    double moved = score.applyAsDouble(weights);
    if (goal.isBetter(moved, value)) {
      return moved;
    }
    weights[from] = oldFrom;
    weights[to] = oldTo;
    return value;
  }
}
