package io.vivace.core;

import org.jspecify.annotations.Nullable;

/** The engine failed while it ran, or its answer does not have the form that was asked for. */
public final class EngineException extends InferenceException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message what was asked, what was found, what is allowed and what to do
   */
  public EngineException(String message) {
    this(message, null);
  }

  /**
   * Makes an exception with a cause.
   *
   * @param message what was asked, what was found, what is allowed and what to do
   * @param cause the cause, or null
   */
  public EngineException(String message, @Nullable Throwable cause) {
    super(Code.ENGINE, message, cause);
  }
}
