package io.vivace.evaluate.search;

import java.util.ArrayList;
import java.util.List;

/** Asks another pruner only where reports have stopped to improve. */
final class PatientPruner extends Pruner {
  private final Pruner other;
  private final int steps;
  private final double leastImprovement;

  PatientPruner(Pruner other, int steps, double leastImprovement) {
    if (steps < 0 || !(leastImprovement >= 0)) {
      throw new IllegalArgumentException(
          "steps and improvement must be at least 0, but were "
              + steps
              + " and "
              + leastImprovement);
    }
    this.other = other;
    this.steps = steps;
    this.leastImprovement = leastImprovement;
  }

  @Override
  boolean prunes(Standing standing) {
    List<Double> losses = new ArrayList<>(standing.reports().values());
    int cut = losses.size() - steps - 1;
    if (cut < 1) {
      return false;
    }
    double before = Standing.best(losses.subList(0, cut));
    double lately = Standing.best(losses.subList(cut, losses.size()));
    boolean improved = lately <= before - leastImprovement && lately < before;
    return !improved && other.prunes(standing);
  }

  /** Returns the name and every option. */
  @Override
  public String toString() {
    return other + ".patient(" + steps + ", " + leastImprovement + ")";
  }
}
