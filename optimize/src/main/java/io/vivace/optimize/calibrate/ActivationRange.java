package io.vivace.optimize.calibrate;

/**
 * The range that a value inside a model takes.
 *
 * @param lowest the lowest real number
 * @param highest the highest real number, at least the lowest
 */
public record ActivationRange(float lowest, float highest) {
  /**
   * Checks the order.
   *
   * @param lowest the lowest real number, finite
   * @param highest the highest real number, finite
   * @throws IllegalArgumentException if a bound is not finite, or they are the wrong way round
   */
  public ActivationRange {
    if (!Float.isFinite(lowest) || !Float.isFinite(highest) || lowest > highest) {
      throw new IllegalArgumentException(
          "a range must go from a finite number to one not below it, but is %s to %s"
              .formatted(lowest, highest));
    }
  }

  /** The range inside bounds; the bounds themselves where rounding turned it round. */
  static ActivationRange within(double low, double high, float lowest, float highest) {
    float from = Math.max((float) low, lowest);
    float to = Math.min((float) high, highest);
    return from <= to ? new ActivationRange(from, to) : new ActivationRange(lowest, highest);
  }
}
