package io.vivace.evaluate.search;

/** A search cannot go on: a trial failed where none may, or a journal does not fit. */
public final class SearchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what was asked, what was found, and what to do
   */
  public SearchException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message what was asked, what was found, and what to do
   * @param cause what happened
   */
  public SearchException(String message, Throwable cause) {
    super(message, cause);
  }
}
