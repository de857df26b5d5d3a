package io.vivace.evaluate.search;

/** Ends a trial that is not worth finishing. Carries no stack trace. */
public final class TrialPrunedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TrialPrunedException(int number, int step) {
    super("trial " + number + " was pruned after step " + step, null, false, false);
  }
}
