package io.vivace.evaluate;

/** What to do with items that a predictor fails on, and with folds that an estimator fails on. */
public enum FailurePolicy {
  /**
   * Go on without them: figures are those of the rest, and each failure is counted and kept with
   * its reason.
   */
  REPORT,
  /** Give up with the first failure. */
  THROW
}
