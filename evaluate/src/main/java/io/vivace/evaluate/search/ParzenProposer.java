package io.vivace.evaluate.search;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;

/** The tree-structured Parzen estimator at work on one study; see {@link TpeSampler}. */
final class ParzenProposer implements Proposer {
  private final SeenPoints seen;
  private final List<int[]> groups;
  private final int startup;
  private final int candidates;
  private final double priorWeight;

  ParzenProposer(
      Space space, int startup, int candidates, double priorWeight, boolean multivariate) {
    seen = new SeenPoints(space);
    groups = space.groups(multivariate);
    this.startup = startup;
    this.candidates = candidates;
    this.priorWeight = priorWeight;
  }

  @Override
  public double[] propose(History history) {
    seen.catchUp(history);
    TrialSplit split = TrialSplit.of(history);
    if (split.ended() < startup) {
      return SobolSampler.draw(history);
    }
    UniformRandomProvider random = history.random();
    double[] codes = new double[seen.space().size()];
    Arrays.fill(codes, Double.NaN);
    for (int[] group : groups) {
      if (seen.space().isActive(group[0], codes)) {
        draw(group, split, random, codes);
      }
    }
    return codes;
  }

  private void draw(int[] group, TrialSplit split, UniformRandomProvider random, double[] codes) {
    ParzenEstimator good = estimator(group, split.below());
    ParzenEstimator others = estimator(group, split.above());
    double best = Double.NEGATIVE_INFINITY;
    double[] chosen = good.draw(random);
    for (int i = 0; i < candidates; i++) {
      double[] candidate = i == 0 ? chosen : good.draw(random);
      double ratio = good.logDensity(candidate) - others.logDensity(candidate);
      if (ratio > best) {
        best = ratio;
        chosen = candidate;
      }
    }
    for (int i = 0; i < group.length; i++) {
      codes[group[i]] = chosen[i];
    }
  }

  private ParzenEstimator estimator(int[] group, int[] trials) {
    int[] having =
        Arrays.stream(trials).filter(t -> !Double.isNaN(seen.code(t, group[0]))).toArray();
    return new ParzenEstimator(seen, group, having, priorWeight);
  }
}
