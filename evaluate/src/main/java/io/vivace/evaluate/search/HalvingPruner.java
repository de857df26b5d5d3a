package io.vivace.evaluate.search;

import java.util.List;
import java.util.SortedMap;
import java.util.function.IntPredicate;

/** Asynchronous successive halving: one in so many goes on at each rung. */
final class HalvingPruner extends Pruner {
  private final int first;
  private final int factor;
  private final int skipped;

  /** Leaves out so many rungs at the beginning, as the brackets of Hyperband do. */
  HalvingPruner(int first, int factor, int skipped) {
    if (first < 1 || factor < 2) {
      throw new IllegalArgumentException(
          "the first step must be at least 1 and the factor at least 2, but they were "
              + first
              + " and "
              + factor);
    }
    this.first = first;
    this.factor = factor;
    this.skipped = skipped;
  }

  @Override
  boolean prunes(Standing standing) {
    return prunes(standing, number -> true);
  }

  /** Compares only with some of the trials. */
  boolean prunes(Standing standing, IntPredicate rivals) {
    long rung = rung(standing.reports());
    if (rung < 0) {
      return false;
    }
    double own = standing.latest();
    if (Double.isNaN(own)) {
      return true;
    }
    List<Double> losses =
        standing.others().stream()
            .filter(trial -> rivals.test(trial.result().number()))
            .map(trial -> at(trial.result().reports(), rung, standing.direction()))
            .filter(loss -> !Double.isNaN(loss))
            .toList();
    int competing = losses.size() + 1;
    long better = losses.stream().filter(loss -> loss < own).count();
    return better >= Math.max(1, competing / factor);
  }

  /** The rung that the latest report is the first to reach, or -1. */
  private long rung(SortedMap<Integer, Double> reports) {
    int step = reports.lastKey();
    SortedMap<Integer, Double> earlier = reports.headMap(step);
    int before = earlier.isEmpty() ? 0 : earlier.lastKey();
    long reached = -1;
    long rung = first;
    for (int i = 0; i < skipped; i++) {
      rung *= factor;
    }
    for (; rung <= step; rung *= factor) {
      reached = rung > before ? rung : reached;
    }
    return reached;
  }

  /** What a trial reported when it reached the rung. */
  private static double at(SortedMap<Integer, Double> reports, long rung, Direction direction) {
    if (rung > Integer.MAX_VALUE) {
      return Double.NaN;
    }
    SortedMap<Integer, Double> later = reports.tailMap((int) rung);
    return later.isEmpty() ? Double.NaN : direction.loss(later.values().iterator().next());
  }

  /** Returns the name and every option. */
  @Override
  public String toString() {
    return "successiveHalving(first=" + first + ", factor=" + factor + ")";
  }
}
