package io.vivace.core;

import org.jspecify.annotations.Nullable;

/**
 * The root of everything that a predictor throws while it serves.
 *
 * <p>Unchecked. {@link #code()} says what happened, {@link #isRetryable()} whether the same call
 * may succeed later. A wrong argument of a builder is an {@link IllegalArgumentException} instead.
 */
public class InferenceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What happened, in a form that a program can act on and a metric can be tagged with. */
  public enum Code {
    /** The item does not fit the model's input. Repeating the call does not help. */
    INVALID_INPUT(false),
    /** Too much work is pending. The same call may succeed later. */
    OVERLOADED(true),
    /** The deadline passed before there was an answer. */
    DEADLINE_EXCEEDED(true),
    /** The model could not be opened. */
    MODEL_LOAD(false),
    /** The engine failed, or gave an answer of the wrong form. */
    ENGINE(false),
    /** The predictor is closed. */
    CLOSED(false),
    /** The calling thread was interrupted while it waited; its interrupt flag is set again. */
    INTERRUPTED(true),
    /** Some rows of a call of many failed, and others have answers. */
    PARTIAL_RESULT(false);

    private final boolean retryable;

    Code(boolean retryable) {
      this.retryable = retryable;
    }

    /**
     * Tells whether the same call may succeed later.
     *
     * @return true if it is worth trying again
     */
    public boolean isRetryable() {
      return retryable;
    }
  }

  /** What happened. */
  private final Code code;

  /**
   * Makes an exception.
   *
   * @param code what happened
   * @param message what was asked, what was found, what is allowed and what to do
   * @param cause the cause, or null
   */
  public InferenceException(Code code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /**
   * Makes an exception for the hot path.
   *
   * @param code what happened
   * @param message what was asked, what was found, what is allowed and what to do
   * @param cause the cause, or null
   * @param stackTrace whether to record the stack trace: false where many may be thrown in a second
   */
  protected InferenceException(
      Code code, String message, @Nullable Throwable cause, boolean stackTrace) {
    super(message, cause, true, stackTrace);
    this.code = code;
  }

  /**
   * Returns what happened.
   *
   * @return the code
   */
  public Code code() {
    return code;
  }

  /**
   * Tells whether the same call may succeed later.
   *
   * @return {@code code().isRetryable()}
   */
  public boolean isRetryable() {
    return code.isRetryable();
  }
}
