package io.vivace.evaluate.metric;

/** Which of several classes with the same score comes first. */
public enum TieBreak {
  /** The class with the highest index, as in scikit-learn. */
  HIGHEST_INDEX,
  /** The class with the lowest index, as a search for the maximum does. */
  LOWEST_INDEX,
  /** Any other than the true one: ties never help. */
  PESSIMISTIC,
  /** Each with the same chance: the expected value over random orders. */
  EXPECTED
}
