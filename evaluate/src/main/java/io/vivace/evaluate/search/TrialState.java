package io.vivace.evaluate.search;

/** How a trial ended. */
public enum TrialState {
  /** It has its scores. */
  COMPLETE,
  /** It was given up early on a pruner's advice; its reports are kept. */
  PRUNED,
  /** The score function threw, or a score was NaN; the search went on. */
  FAILED
}
