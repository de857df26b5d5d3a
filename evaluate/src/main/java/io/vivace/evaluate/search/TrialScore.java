package io.vivace.evaluate.search;

/**
 * Says how good a point is, and tells on the way how it goes, so that hopeless trials end early.
 * Called from as many threads as the study has workers.
 */
@FunctionalInterface
public interface TrialScore {
  /**
   * Returns the score of a point.
   *
   * @param params the point
   * @param trial takes reports and constraints, and knows whether to go on
   * @return the score; NaN makes the trial a failed one
   * @throws Exception anything; makes the trial a failed one, {@link TrialPrunedException} a pruned
   *     one
   */
  double of(Params params, Trial trial) throws Exception;
}
