package io.vivace.evaluate;

/** An estimator, or the model it learnt, failed in a fold of a cross-validation. */
public final class FoldFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Which fold, from 0. */
  private final int fold;

  FoldFailedException(int fold, int folds, RuntimeException cause) {
    super(
        String.format(
            "fold %d of %d failed: %s. Mend the estimator, or let failures be reported:"
                + " failures(REPORT)",
            fold + 1, folds, cause),
        cause);
    this.fold = fold;
  }

  /**
   * Returns which fold failed; of several the first.
   *
   * @return its index from 0
   */
  public int fold() {
    return fold;
  }
}
