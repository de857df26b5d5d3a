package io.vivace.core;

import org.jspecify.annotations.Nullable;

/** The deadline passed before there was an answer. Carries no stack trace. */
public final class DeadlineExceededException extends InferenceException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message what was asked, what was found, what is allowed and what to do
   */
  public DeadlineExceededException(String message) {
    this(message, null);
  }

  /**
   * Makes an exception with a cause.
   *
   * @param message what was asked, what was found, what is allowed and what to do
   * @param cause the cause, or null
   */
  public DeadlineExceededException(String message, @Nullable Throwable cause) {
    super(Code.DEADLINE_EXCEEDED, message, cause, false);
  }
}
