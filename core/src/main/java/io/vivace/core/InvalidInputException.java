package io.vivace.core;

import org.jspecify.annotations.Nullable;

/**
 * An item does not fit the model's input: the message names the input, and the shape or value
 * wanted and found.
 */
public final class InvalidInputException extends InferenceException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message what was asked, what was found, what is allowed and what to do
   */
  public InvalidInputException(String message) {
    this(message, null);
  }

  /**
   * Makes an exception with a cause.
   *
   * @param message what was asked, what was found, what is allowed and what to do
   * @param cause the cause, or null
   */
  public InvalidInputException(String message, @Nullable Throwable cause) {
    super(Code.INVALID_INPUT, message, cause);
  }
}
