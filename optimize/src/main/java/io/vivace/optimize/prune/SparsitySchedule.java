package io.vivace.optimize.prune;

/**
 * How sparse a model is at each step of its training. Immutable.
 *
 * <p>Polynomial: {@code s = final + (initial - final) * (1 - p)^power} with {@code p} the share of
 * the steps from first to last that are done (Zhu and Gupta, 2017, "To Prune, or Not to Prune",
 * where the power is 3). Before the first step nothing is pruned; after the last the final sparsity
 * stays.
 *
 * @param initial the sparsity at the first step, from 0 to 1
 * @param target the sparsity from the last step on, from 0 to 1
 * @param first the first step at which weights are pruned, from 0
 * @param last the step at which the target is reached, not before the first
 * @param power the exponent, above 0; 1 is linear
 * @param every at which distance the mask is made anew, in steps, from 1
 */
public record SparsitySchedule(
    double initial, double target, long first, long last, double power, long every) {

  /**
   * Checks the ranges.
   *
   * @param initial the sparsity at the first step, from 0 to 1
   * @param target the sparsity from the last step on, from 0 to 1
   * @param first the first step at which weights are pruned, from 0
   * @param last the step at which the target is reached, not before the first
   * @param power the exponent, above 0; 1 is linear
   * @param every at which distance the mask is made anew, in steps, from 1
   * @throws IllegalArgumentException if a value is outside its range; the message names it
   */
  public SparsitySchedule {
    require(initial >= 0 && initial <= 1, "initial", "from 0 to 1", initial);
    require(target >= 0 && target <= 1, "target", "from 0 to 1", target);
    require(first >= 0, "first", "at least 0", first);
    require(last >= first, "last", "not before the first, which is " + first, last);
    require(power > 0 && power < Double.POSITIVE_INFINITY, "power", "above 0", power);
    require(every >= 1, "every", "at least 1", every);
  }

  private static void require(boolean condition, String name, String allowed, Object found) {
    if (!condition) {
      throw new IllegalArgumentException(name + " must be " + allowed + ", but was " + found);
    }
  }

  /**
   * The same sparsity from a step on.
   *
   * @param sparsity from 0 to 1
   * @param first the step, from 0
   * @return the schedule, with a new mask every 100 steps
   */
  public static SparsitySchedule constant(double sparsity, long first) {
    return new SparsitySchedule(sparsity, sparsity, first, first, 1, 100);
  }

  /**
   * A cubic ramp from 0, with a new mask every 100 steps.
   *
   * @param target the sparsity to reach, from 0 to 1
   * @param first where the ramp begins, in steps
   * @param last where it ends, in steps
   * @return the schedule
   */
  public static SparsitySchedule cubic(double target, long first, long last) {
    return new SparsitySchedule(0, target, first, last, 3, 100);
  }

  /**
   * Returns the sparsity at a step.
   *
   * @param step counted from 0
   * @return from 0 to 1
   */
  public double at(long step) {
    if (step < first) {
      return 0;
    }
    if (step >= last) {
      return target;
    }
    double done = (double) (step - first) / (last - first);
    return target + (initial - target) * Math.pow(1 - done, power);
  }

  /**
   * Tells whether the mask is made anew at a step: at the first, then at every so many, and at the
   * last.
   *
   * @param step counted from 0
   * @return whether weights are pruned now
   */
  public boolean isDue(long step) {
    return step == last || (step >= first && step < last && (step - first) % every == 0);
  }
}
