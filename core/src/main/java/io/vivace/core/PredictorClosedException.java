package io.vivace.core;

import org.jspecify.annotations.Nullable;

/** The predictor was closed before or while the call waited. Carries no stack trace. */
public final class PredictorClosedException extends InferenceException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message what was asked, what was found, what is allowed and what to do
   */
  public PredictorClosedException(String message) {
    this(message, null);
  }

  /**
   * Makes an exception with a cause.
   *
   * @param message what was asked, what was found, what is allowed and what to do
   * @param cause the cause, or null
   */
  public PredictorClosedException(String message, @Nullable Throwable cause) {
    super(Code.CLOSED, message, cause, false);
  }
}
