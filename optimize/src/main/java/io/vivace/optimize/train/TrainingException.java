package io.vivace.optimize.train;

import org.jspecify.annotations.Nullable;

/**
 * Training cannot start or go on. The message says what was asked, what was found, and what to do.
 */
public final class TrainingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why, in a form that a program can act on. */
  public enum Reason {
    /** The loss or a weight is not a number any more, or the loss grew beyond all bounds. */
    DIVERGED,
    /** A checkpoint is cut short or was changed. */
    CHECKPOINT_DAMAGED,
    /**
     * A checkpoint is of another model, of other data (their number, the first batch), or of other
     * options (seed, epochs, batch size, optimizer, learning rates, clipping, early stopping).
     */
    CHECKPOINT_MISMATCH,
    /** DJL's PyTorch engine is not there or does not start. */
    ENGINE_MISSING
  }

  /** Why. */
  private final Reason reason;

  /**
   * Makes an exception.
   *
   * @param reason why
   * @param message what was asked, what was found, what is allowed and what to do
   */
  public TrainingException(Reason reason, String message) {
    this(reason, message, null);
  }

  /**
   * Makes an exception with a cause.
   *
   * @param reason why
   * @param message what was asked, what was found, what is allowed and what to do
   * @param cause the cause, or null
   */
  public TrainingException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /**
   * Returns why.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
