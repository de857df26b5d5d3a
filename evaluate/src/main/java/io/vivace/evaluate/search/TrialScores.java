package io.vivace.evaluate.search;

/** Says how good a point is in several ways. Called from as many threads as there are workers. */
@FunctionalInterface
public interface TrialScores {
  /**
   * Returns the scores of a point.
   *
   * @param params the point
   * @param trial takes constraints
   * @return as many scores as the study has directions; a NaN makes the trial a failed one
   * @throws Exception anything; makes the trial a failed one
   */
  double[] of(Params params, Trial trial) throws Exception;
}
