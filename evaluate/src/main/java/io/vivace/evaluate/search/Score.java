package io.vivace.evaluate.search;

/** Says how good a point is. Called from as many threads as the study has workers. */
@FunctionalInterface
public interface Score {
  /**
   * Returns the score of a point.
   *
   * @param params the point
   * @return the score; NaN makes the trial a failed one
   * @throws Exception anything; makes the trial a failed one
   */
  double of(Params params) throws Exception;
}
