package io.vivace.evaluate.compare;

import io.vivace.evaluate.metric.Interval;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The Bayesian correlated t-test: how likely two models differ by more than matters, from the runs
 * of a cross-validation. The posterior of the mean difference is Student's t with J - 1 degrees of
 * freedom around the mean, with the corrected standard error of {@link CorrectedResampledT}.
 *
 * <p>Where all differences are the same number, it is certain. Source: Corani and Benavoli, "A
 * Bayesian approach for comparing cross-validated algorithms on multiple data sets", 2015; the
 * correlation of two runs is n_test / (n_test + n_train).
 */
public final class BayesianCorrelatedT {
  private final CorrectedResampledT runs;
  private final int degreesOfFreedom;

  private BayesianCorrelatedT(CorrectedResampledT runs) {
    this.runs = runs;
    this.degreesOfFreedom = runs.differences().length - 1;
  }

  /**
   * Takes the runs.
   *
   * @param runs differences and the ratio of test to training examples
   * @return the test
   */
  public static BayesianCorrelatedT of(CorrectedResampledT runs) {
    return new BayesianCorrelatedT(runs);
  }

  /**
   * Returns the posterior around a region of practical equivalence.
   *
   * @param rope differences up to this size do not matter; finite, at least 0
   * @return the three probabilities
   * @throws IllegalArgumentException if {@code rope} is negative or not finite
   */
  public Posterior posterior(double rope) {
    BayesianSignedRank.checkRope(rope);
    double below = above(rope, -runs.mean());
    double above = above(rope, runs.mean());
    return new Posterior(below, Math.max(0, 1 - below - above), above);
  }

  private double above(double rope, double mean) {
    double error = runs.error();
    if (error == 0) {
      return mean > rope ? 1 : 0;
    }
    return TDistribution.of(degreesOfFreedom).survivalProbability((rope - mean) / error);
  }

  /**
   * Returns the central credible interval of the mean difference.
   *
   * @param level its probability, in (0, 1), such as 0.95
   * @return the interval
   * @throws IllegalArgumentException if the level is out of range
   */
  public Interval interval(double level) {
    double margin = runs.margin(level);
    return new Interval(runs.mean() - margin, runs.mean() + margin, level, "correlated t");
  }
}
