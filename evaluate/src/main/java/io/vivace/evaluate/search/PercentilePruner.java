package io.vivace.evaluate.search;

import java.util.Arrays;

/**
 * Gives up trials that do worse than others at the same step.
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #startup(int) startup}</td><td>5 trials</td></tr>
 * <tr><td>{@link #warmup(int) warmup}</td><td>0 steps</td></tr>
 * </table>
 */
public final class PercentilePruner extends Pruner {
  private final double percent;
  private final int startup;
  private final int warmup;

  PercentilePruner(double percent, int startup, int warmup) {
    if (!(percent > 0 && percent < 100)) {
      throw new IllegalArgumentException("percent must be in (0, 100), but was " + percent);
    }
    this.percent = percent;
    this.startup = startup;
    this.warmup = warmup;
  }

  /**
   * Sets how many trials must be complete before one is given up.
   *
   * @param trials at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if {@code trials} is below 1
   */
  public PercentilePruner startup(int trials) {
    if (trials < 1) {
      throw new IllegalArgumentException("startup must be at least 1, but was " + trials);
    }
    return new PercentilePruner(percent, trials, warmup);
  }

  /**
   * Sets up to which step no trial is given up.
   *
   * @param step at least 0; a trial is judged only at greater steps
   * @return a changed copy
   * @throws IllegalArgumentException if {@code step} is negative
   */
  public PercentilePruner warmup(int step) {
    if (step < 0) {
      throw new IllegalArgumentException("warmup must be at least 0, but was " + step);
    }
    return new PercentilePruner(percent, startup, step);
  }

  @Override
  boolean prunes(Standing standing) {
    int step = standing.step();
    long complete = standing.others().stream().filter(Finished::isComplete).count();
    if (complete < startup || (warmup > 0 && step <= warmup)) {
      return false;
    }
    double best = Standing.best(standing.reports().values());
    double[] others =
        standing.others().stream()
            .filter(trial -> trial.isComplete() && trial.result().reports().containsKey(step))
            .mapToDouble(trial -> standing.direction().loss(trial.result().reports().get(step)))
            .filter(loss -> !Double.isNaN(loss))
            .sorted()
            .toArray();
    return others.length > 0 && (Double.isNaN(best) || best > quantile(others));
  }

  /** Linear between neighbours, as numpy's percentile. */
  private double quantile(double[] sorted) {
    double place = percent / 100 * (sorted.length - 1);
    int left = (int) place;
    int right = Math.min(left + 1, sorted.length - 1);
    return sorted[left] == sorted[right]
        ? sorted[left]
        : sorted[left] + (place - left) * (sorted[right] - sorted[left]);
  }

  /** Returns the name and every option. */
  @Override
  public String toString() {
    return "percentile" + Arrays.asList(percent, startup, warmup);
  }
}
