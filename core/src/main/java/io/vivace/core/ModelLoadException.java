package io.vivace.core;

import org.jspecify.annotations.Nullable;

/** A model could not be opened: the message names the model and the engine. */
public final class ModelLoadException extends InferenceException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message what was asked, what was found, what is allowed and what to do
   */
  public ModelLoadException(String message) {
    this(message, null);
  }

  /**
   * Makes an exception with a cause.
   *
   * @param message what was asked, what was found, what is allowed and what to do
   * @param cause the cause, or null
   */
  public ModelLoadException(String message, @Nullable Throwable cause) {
    super(Code.MODEL_LOAD, message, cause);
  }
}
