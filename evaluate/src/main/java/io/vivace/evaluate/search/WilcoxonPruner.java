package io.vivace.evaluate.search;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;

/** Compares a trial with the best one, report by report. */
final class WilcoxonPruner extends Pruner {
  private final double level;

  WilcoxonPruner(double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("level must be in (0, 1), but was " + level);
    }
    this.level = level;
  }

  @Override
  boolean prunes(Standing standing) {
    SortedMap<Integer, Double> best =
        standing.others().stream()
            .filter(trial -> trial.isComplete() && !trial.result().reports().isEmpty())
            .min(Comparator.comparingDouble(trial -> trial.losses()[0]))
            .map(trial -> trial.result().reports())
            .orElse(null);
    if (best == null || !allFinite(best.values()) || !allFinite(standing.reports().values())) {
      return false;
    }
    List<Double> differences = new ArrayList<>();
    standing
        .reports()
        .forEach(
            (step, loss) -> {
              Double other = best.get(step);
              if (other != null) {
                differences.add(loss - standing.direction().loss(other));
              }
            });
    if (differences.size() < 2) {
      return false;
    }
    double ownMean = mean(standing.reports().values());
    double bestMean = standing.direction().loss(1) * mean(best.values());
    return SignedRanks.greaterProbability(differences) < level && bestMean < ownMean;
  }

  private static double mean(Collection<Double> values) {
    return values.stream().mapToDouble(v -> v).average().orElse(Double.NaN);
  }

  private static boolean allFinite(Collection<Double> values) {
    return values.stream().allMatch(Double::isFinite);
  }

  /** Returns the name and every option. */
  @Override
  public String toString() {
    return "wilcoxon(level=" + level + ")";
  }
}
