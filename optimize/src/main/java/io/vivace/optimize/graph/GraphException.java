package io.vivace.optimize.graph;

/**
 * A pass cannot do with a graph what was asked: the message names the node or the tensor, and what
 * to do. The model's file is as it was.
 */
public final class GraphException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message what was asked, what was found, what is allowed and what to do
   */
  public GraphException(String message) {
    super(message);
  }

  /**
   * Makes an exception that has a cause.
   *
   * @param message what was asked, what was found, what is allowed and what to do
   * @param cause what was thrown below
   */
  public GraphException(String message, Throwable cause) {
    super(message, cause);
  }
}
