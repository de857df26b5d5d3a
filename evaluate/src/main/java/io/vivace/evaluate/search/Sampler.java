package io.vivace.evaluate.search;

import java.util.List;

/**
 * Proposes points. A proposal depends on the seed, the number of the trial and the trials before
 * it, on nothing else, so a study can be repeated and resumed. Immutable and thread-safe.
 */
public abstract class Sampler {
  Sampler() {}

  /**
   * Returns the sampler that draws every point anew.
   *
   * @return a sampler
   */
  public static Sampler random() {
    return new RandomSampler();
  }

  /**
   * Returns the sampler that covers the space evenly: a scrambled Sobol sequence, best with a power
   * of two of trials. Up to 1,024 parameters.
   *
   * @return a sampler
   */
  public static Sampler sobol() {
    return new SobolSampler();
  }

  /**
   * Returns the sampler that tries all combinations, the last parameter changing fastest. The study
   * ends when the grid does.
   *
   * @param levels how many values of a range are tried, from its lowest to its highest, where it
   *     has more; at least 2
   * @return a sampler
   * @throws IllegalArgumentException if {@code levels} is below 2
   */
  public static Sampler grid(int levels) {
    return new GridSampler(levels);
  }

  /**
   * Returns the tree-structured Parzen estimator with its usual options.
   *
   * @return a sampler
   */
  public static TpeSampler tpe() {
    return TpeSampler.DEFAULT;
  }

  /**
   * Returns Bayesian optimisation with a Gaussian process and its usual options.
   *
   * @return a sampler
   */
  public static GaussianProcessSampler gaussianProcess() {
    return GaussianProcessSampler.DEFAULT;
  }

  /**
   * Returns the genetic sampler for several scores and constraints with its usual options.
   *
   * @return a sampler
   */
  public static NsgaSampler nsga2() {
    return NsgaSampler.DEFAULT;
  }

  /** The codes of the point to try. */
  abstract double[] propose(History history);

  /** Who proposes the points of one study. */
  Proposer proposer(Space space) {
    return this::propose;
  }

  /** Adds what this sampler cannot do. */
  void check(Space space, int directions, List<String> faults) {}

  /** How many points there are. */
  int limit(Space space) {
    return Integer.MAX_VALUE;
  }
}
