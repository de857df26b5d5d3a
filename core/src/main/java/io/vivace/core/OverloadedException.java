package io.vivace.core;

import org.jspecify.annotations.Nullable;

/** Too much work is pending. Carries no stack trace, since an overloaded service throws many. */
public final class OverloadedException extends InferenceException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message what was asked, what was found, what is allowed and what to do
   */
  public OverloadedException(String message) {
    this(message, null);
  }

  /**
   * Makes an exception with a cause.
   *
   * @param message what was asked, what was found, what is allowed and what to do
   * @param cause the cause, or null
   */
  public OverloadedException(String message, @Nullable Throwable cause) {
    super(Code.OVERLOADED, message, cause, false);
  }
}
