package io.vivace.evaluate.metric;

/** A metric has no value for what was seen, and was asked to say so by an error. */
public final class UndefinedMetricException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message which metric, and why it has no value
   */
  public UndefinedMetricException(String message) {
    super(message);
  }
}
