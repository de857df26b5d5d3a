package io.vivace.evaluate.search;

/**
 * The tree-structured Parzen estimator: one density of the good trials, one of the others, and the
 * candidate drawn from the first at which their ratio is highest. Sources: Bergstra et al.,
 * "Algorithms for Hyper-Parameter Optimization", NIPS 2011; the bandwidths and weights are those of
 * Optuna 5.
 *
 * <p>Good are {@code min(ceil(0.1 n), 25)} of n trials; complete ones come first, then pruned ones,
 * those that came furthest first, then those that break constraints, by how far. Trials that are
 * still running count as not good. With several directions the good ones are the first fronts, the
 * last of them thinned by crowding distance.
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #startup(int) startup}</td><td>10 trials</td></tr>
 * <tr><td>{@link #candidates(int) candidates}</td><td>24</td></tr>
 * <tr><td>{@link #priorWeight(double) priorWeight}</td><td>1</td></tr>
 * <tr><td>{@link #multivariate(boolean) multivariate}</td><td>true</td></tr>
 * </table>
 */
public final class TpeSampler extends Sampler {
  static final TpeSampler DEFAULT = new TpeSampler(10, 24, 1, true);

  private final int startup;
  private final int candidates;
  private final double priorWeight;
  private final boolean multivariate;

  private TpeSampler(int startup, int candidates, double priorWeight, boolean multivariate) {
    this.startup = startup;
    this.candidates = candidates;
    this.priorWeight = priorWeight;
    this.multivariate = multivariate;
  }

  /**
   * Sets how many trials must have ended before the densities are used; points are drawn at random
   * until then.
   *
   * @param trials at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if {@code trials} is below 1
   */
  public TpeSampler startup(int trials) {
    atLeastOne("startup", trials);
    return new TpeSampler(trials, candidates, priorWeight, multivariate);
  }

  /**
   * Sets how many points are drawn from the density of the good ones for each proposal.
   *
   * @param points at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if {@code points} is below 1
   */
  public TpeSampler candidates(int points) {
    atLeastOne("candidates", points);
    return new TpeSampler(startup, points, priorWeight, multivariate);
  }

  /**
   * Sets the weight of the prior, a wide kernel over the whole range, against a trial's 1.
   *
   * @param weight above 0 and finite
   * @return a changed copy
   * @throws IllegalArgumentException if {@code weight} is not
   */
  public TpeSampler priorWeight(double weight) {
    if (!(weight > 0) || Double.isInfinite(weight)) {
      throw new IllegalArgumentException("priorWeight must be above 0, but was " + weight);
    }
    return new TpeSampler(startup, candidates, weight, multivariate);
  }

  /**
   * Sets whether parameters that always exist together have a joint density, or each one its own.
   *
   * @param joint true for a joint one
   * @return a changed copy
   */
  public TpeSampler multivariate(boolean joint) {
    return new TpeSampler(startup, candidates, priorWeight, joint);
  }

  private static void atLeastOne(String option, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(option + " must be at least 1, but was " + value);
    }
  }

  @Override
  double[] propose(History history) {
    return proposer(history.space()).propose(history);
  }

  @Override
  Proposer proposer(Space space) {
    return new ParzenProposer(space, startup, candidates, priorWeight, multivariate);
  }

  /** Returns the name and every option. */
  @Override
  public String toString() {
    return "tpe(startup="
        + startup
        + ", candidates="
        + candidates
        + ", priorWeight="
        + priorWeight
        + ", multivariate="
        + multivariate
        + ")";
  }
}
