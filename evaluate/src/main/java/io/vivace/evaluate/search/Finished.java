package io.vivace.evaluate.search;

import java.util.List;

/**
 * A trial that has ended, as samplers and pruners see it.
 *
 * @param result all of it
 * @param codes its point
 * @param losses its scores with less always better; empty unless complete
 * @param violation how far it breaks the constraints
 */
record Finished(TrialResult result, double[] codes, double[] losses, double violation) {
  static Finished of(TrialResult result, List<Direction> directions) {
    double[] losses = new double[result.values().size()];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = directions.get(i).loss(result.values().get(i));
    }
    return new Finished(result, result.params().codes(), losses, result.violation());
  }

  boolean isComplete() {
    return result.state() == TrialState.COMPLETE;
  }

  boolean isPruned() {
    return result.state() == TrialState.PRUNED;
  }

  boolean isFeasible() {
    return violation == 0;
  }
}
