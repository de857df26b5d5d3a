package io.vivace.evaluate.search;

import java.util.List;

/** A trial that has ended, as samplers and pruners see it. */
final class Finished {
  /** All of it. */
  private final TrialResult result;

  /** Its point. */
  private final double[] codes;

  /** Its scores with less always better; empty unless complete. */
  private final double[] losses;

  /** How far it breaks the constraints. */
  private final double violation;

  Finished(TrialResult result, double[] codes, double[] losses, double violation) {
    this.result = result;
    this.codes = codes;
    this.losses = losses;
    this.violation = violation;
  }

  TrialResult result() {
    return result;
  }

  double[] codes() {
    return codes;
  }

  double[] losses() {
    return losses;
  }

  double violation() {
    return violation;
  }

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
