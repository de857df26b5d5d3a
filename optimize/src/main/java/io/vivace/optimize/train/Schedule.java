package io.vivace.optimize.train;

/**
 * How the learning rate changes: a factor of the optimizer's rate, before each step.
 *
 * <p>Time is counted in epochs, so that a schedule means the same for any batch size.
 */
@FunctionalInterface
public interface Schedule {
  /**
   * Returns the factor.
   *
   * @param epoch how many epochs are done, with the part of the present one: from 0 to below {@code
   *     epochs}
   * @param epochs how many there will be at most
   * @return at least 0; 1 is the optimizer's own rate
   */
  double factor(double epoch, double epochs);

  /**
   * Keeps the rate.
   *
   * @return always 1
   */
  static Schedule constant() {
    return (epoch, epochs) -> 1;
  }

  /**
   * Multiplies the rate each time so many epochs are done.
   *
   * @param every epochs, at least 1
   * @param factor above 0, at most 1
   * @return the schedule
   * @throws IllegalArgumentException if a number is out of range
   */
  static Schedule step(int every, double factor) {
    Numbers.requireFrom("every", every, 1, Integer.MAX_VALUE);
    Numbers.requireFrom("factor", factor, Double.MIN_VALUE, 1);
    return (epoch, epochs) -> Math.pow(factor, Math.floor(epoch / every));
  }

  /**
   * Lets the rate fall to 0 as half a wave: {@code (1 + cos(pi t)) / 2}, where t is the part of all
   * epochs that is done (Loshchilov and Hutter, SGDR, 2017, without restarts).
   *
   * @return the schedule
   */
  static Schedule cosine() {
    return (epoch, epochs) -> (1 + Math.cos(Math.PI * epoch / epochs)) / 2;
  }

  /**
   * Lets the rate rise in proportion over the first epochs; this schedule goes over what is left
   * after them.
   *
   * @param length in epochs, above 0, may be a part of one
   * @return the schedule
   * @throws IllegalArgumentException if the length is out of range
   */
  default Schedule warmUp(double length) {
    Numbers.requireAbove("length", length, 0);
    return (epoch, epochs) ->
        epoch < length
            ? epoch / length
            : factor(epoch - length, Math.max(epochs - length, Double.MIN_NORMAL));
  }
}
