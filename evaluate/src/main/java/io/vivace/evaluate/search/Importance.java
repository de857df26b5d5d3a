package io.vivace.evaluate.search;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How much each parameter decides whether a trial is among the best, by PED-ANOVA: the Pearson
 * divergence {@code 0.5 E[(p/q - 1)^2]} between the density p of its values in the best tenth of
 * the trials and the density q in all of them, scaled to sum 1. Source: Watanabe et al.,
 * "PED-ANOVA: Efficiently Quantifying Hyperparameter Importance in Arbitrary Subspaces", IJCAI
 * 2023.
 */
final class Importance {
  static final int LEAST_TRIALS = 4;
  private static final double BEST = 0.1;
  private static final int GRID = 100;

  private Importance() {}

  /** The shares by name, in order of the space. */
  static Map<String, Double> of(Study study) {
    List<Finished> complete = new ArrayList<>();
    for (TrialResult trial : study.trials()) {
      Finished finished = Finished.of(trial, study.directions());
      if (finished.isComplete() && finished.isFeasible()) {
        complete.add(finished);
      }
    }
    if (complete.size() < LEAST_TRIALS) {
      return Map.of();
    }
    complete.sort((a, b) -> Double.compare(a.losses()[0], b.losses()[0]));
    int best = Math.max(2, (int) Math.ceil(BEST * complete.size()));
    SeenPoints seen = new SeenPoints(study.space());
    complete.forEach(trial -> seen.add(trial.codes()));
    Map<String, Double> shares = new LinkedHashMap<>();
    double sum = 0;
    for (int d = 0; d < study.space().size(); d++) {
      double divergence = divergence(seen, d, best);
      shares.put(study.space().axis(d).parameter().name(), divergence);
      sum += divergence;
    }
    double total = sum;
    shares.replaceAll((name, value) -> total > 0 ? value / total : 0);
    return shares;
  }

  /** How the density of the first ones, the best, differs from that of all. */
  private static double divergence(SeenPoints seen, int place, int best) {
    Axis axis = seen.space().axis(place);
    if (axis.count() == 1) {
      return 0;
    }
    ParzenEstimator top = estimator(seen, place, best);
    ParzenEstimator every = estimator(seen, place, seen.size());
    double sum = 0;
    double mass = 0;
    for (double code : grid(axis)) {
      double q = every.logDensity(new double[] {code});
      double ratio = Math.exp(top.logDensity(new double[] {code}) - q);
      sum += Math.exp(q) * (ratio - 1) * (ratio - 1);
      mass += Math.exp(q);
    }
    return 0.5 * sum / mass;
  }

  private static ParzenEstimator estimator(SeenPoints seen, int place, int count) {
    int[] having =
        IntStream.range(0, count).filter(t -> !Double.isNaN(seen.code(t, place))).toArray();
    return new ParzenEstimator(seen, new int[] {place}, having, 1);
  }

  /** All values, or places at equal distances on the scale of the parameter. */
  private static List<Double> grid(Axis axis) {
    List<Double> grid = new ArrayList<>();
    boolean few = axis.count() > 0 && axis.count() <= GRID;
    long places = few ? axis.count() : GRID;
    for (long i = 0; i < places; i++) {
      grid.add(few ? axis.onGrid(i) : axis.fromUnit((i + 0.5) / GRID));
    }
    return grid;
  }
}
