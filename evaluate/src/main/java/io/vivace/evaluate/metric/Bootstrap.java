package io.vivace.evaluate.metric;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Intervals from resampled rows, for any metric. Immutable and thread-safe.
 *
 * <p>Defaults: 95 %, 1,000 samples, seed 42, rows drawn one by one, as many threads as processors.
 * The same seed gives the same bounds, whatever the number of threads. Rows are counted, not
 * copied, where the metric is a mean over rows or the area under the ROC curve of two classes.
 *
 * <p>Samples whose value is NaN (one class alone, say) are left out; the method's text says how
 * many. Where more than half are, or the value itself is NaN, there is no interval. The bootstrap
 * does not suit metrics that compare rows with each other, since copies of a row look alike: take
 * {@link Interval#jackknife} there. How often the intervals hold the true value is simulated; see
 * {@code STATISTICS.md} of this module. Source: Efron and Tibshirani, "An introduction to the
 * bootstrap", 1993.
 */
public final class Bootstrap {
  /** More units than this are left out in groups. */
  static final int JACKKNIFE_GROUPS = 1000;

  private final BootstrapMethod method;
  private final double level;
  private final int resamples;
  private final long seed;
  private final int threads;
  private final int @Nullable [] strata;
  private final int @Nullable [] clusters;

  private Bootstrap(
      BootstrapMethod method,
      double level,
      int resamples,
      long seed,
      int threads,
      int @Nullable [] strata,
      int @Nullable [] clusters) {
    this.method = method;
    this.level = level;
    this.resamples = resamples;
    this.seed = seed;
    this.threads = threads;
    this.strata = strata;
    this.clusters = clusters;
  }

  private static Bootstrap of(BootstrapMethod method) {
    int processors = Runtime.getRuntime().availableProcessors();
    return new Bootstrap(method, 0.95, 1000, 42, processors, null, null);
  }

  /**
   * Takes quantiles of the samples' values.
   *
   * @return the bootstrap
   */
  public static Bootstrap percentile() {
    return of(BootstrapMethod.PERCENTILE);
  }

  /**
   * Mirrors the quantiles at the value itself. May leave the metric's range.
   *
   * @return the bootstrap
   */
  public static Bootstrap basic() {
    return of(BootstrapMethod.BASIC);
  }

  /**
   * Takes quantiles corrected for bias and skew: the most exact of the three. Source: Efron,
   * "Better bootstrap confidence intervals", 1987. The acceleration comes from leaving out each row
   * in turn, or 1,000 groups of rows where there are more.
   *
   * @return the bootstrap
   */
  public static Bootstrap bca() {
    return of(BootstrapMethod.BCA);
  }

  /**
   * Changes the level.
   *
   * @param confidence default 0.95, in (0, 1)
   * @return a changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public Bootstrap level(double confidence) {
    double checked = Interval.checkLevel(confidence);
    return new Bootstrap(method, checked, resamples, seed, threads, strata, clusters);
  }

  /**
   * Changes the number of samples.
   *
   * @param count default 1,000, at least 100
   * @return a changed copy
   * @throws IllegalArgumentException if it is below 100
   */
  public Bootstrap resamples(int count) {
    Rows.check(count >= 100, "resamples must be at least 100, but was %d", count);
    return new Bootstrap(method, level, count, seed, threads, strata, clusters);
  }

  /**
   * Changes the random numbers.
   *
   * @param number default 42
   * @return a changed copy
   */
  public Bootstrap seed(long number) {
    return new Bootstrap(method, level, resamples, number, threads, strata, clusters);
  }

  /**
   * Changes the number of threads; the bounds stay the same.
   *
   * @param count default: as many as processors; at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if it is below 1
   */
  public Bootstrap threads(int count) {
    Rows.check(count >= 1, "threads must be at least 1, but was %d", count);
    return new Bootstrap(method, level, resamples, seed, count, strata, clusters);
  }

  /**
   * Draws from each stratum as many rows as it has: where the share of each was fixed when the data
   * was gathered.
   *
   * @param stratumOfRow the stratum of each row, any numbers; copied
   * @return a changed copy, which does not draw clusters any more
   */
  public Bootstrap stratified(int... stratumOfRow) {
    return new Bootstrap(method, level, resamples, seed, threads, stratumOfRow.clone(), null);
  }

  /**
   * Draws whole clusters: where rows of one user, document or session depend on each other.
   *
   * @param clusterOfRow the cluster of each row, any numbers; copied
   * @return a changed copy, which does not draw from strata any more
   */
  public Bootstrap clustered(int... clusterOfRow) {
    return new Bootstrap(method, level, resamples, seed, threads, null, clusterOfRow.clone());
  }

  double level() {
    return level;
  }

  /**
   * Makes the interval of a metric.
   *
   * @param metric what to compute
   * @param batch the rows
   * @param <B> the batches the metric sees
   * @return the interval; without bounds where there is none
   * @throws IllegalArgumentException if strata or clusters do not fit the batch, or the batch does
   *     not suit the metric
   */
  public <B extends Batch> Interval interval(Metric<B> metric, B batch) {
    return interval(Resamples.of(metric, batch), batch.size());
  }

  /**
   * Makes the interval of any statistic.
   *
   * @param statistic computes the value from how often each row counts; called by several threads,
   *     with an array that it must not keep; NaN where there is no value
   * @param rows the number of rows, at least 1
   * @return the interval; without bounds where there is none
   * @throws IllegalArgumentException if there are no rows, or strata or clusters do not fit
   */
  public Interval interval(ToDoubleFunction<int[]> statistic, int rows) {
    return interval(statistic, distribution(statistic, rows), rows);
  }

  /**
   * Makes the interval of any statistic from the values of samples that were computed before.
   *
   * @param statistic as in {@link #interval(ToDoubleFunction, int)}
   * @param values what {@link #distribution(ToDoubleFunction, int)} gave
   * @param rows the number of rows, at least 1
   * @return the interval; without bounds where there is none
   * @throws IllegalArgumentException if there are no rows, the number of values is not that of the
   *     samples, or strata or clusters do not fit
   */
  public Interval interval(ToDoubleFunction<int[]> statistic, double[] values, int rows) {
    Rows.checkSize(rows);
    Rows.checkLength("values", values.length, resamples, "there are samples");
    int[] once = new int[rows];
    Arrays.fill(once, 1);
    double estimate = statistic.applyAsDouble(once);
    Draws draws = draws(rows);
    double[] sorted =
        Arrays.stream(values).filter(value -> !Double.isNaN(value)).sorted().toArray();
    String text = text(values.length - sorted.length);
    if (Double.isNaN(estimate) || sorted.length < (resamples + 1) / 2) {
      return Interval.undefined(level, text);
    }
    double[] bounds =
        method.bounds(sorted, estimate, () -> jackknife(statistic, draws, rows), level);
    return new Interval(bounds[0], Math.max(bounds[0], bounds[1]), level, text);
  }

  /**
   * Returns the values of the samples.
   *
   * @param metric what to compute
   * @param batch the rows
   * @param <B> the batches the metric sees
   * @return one value for each sample, in the order of their seeds; NaN where there is none
   * @throws IllegalArgumentException if strata or clusters do not fit the batch, or the batch does
   *     not suit the metric
   */
  public <B extends Batch> double[] distribution(Metric<B> metric, B batch) {
    return distribution(Resamples.of(metric, batch), batch.size());
  }

  /**
   * Returns the values of the samples of any statistic.
   *
   * @param statistic as in {@link #interval(ToDoubleFunction, int)}
   * @param rows the number of rows, at least 1
   * @return one value for each sample, in the order of their seeds; NaN where there is none
   * @throws IllegalArgumentException if there are no rows, or strata or clusters do not fit
   */
  public double[] distribution(ToDoubleFunction<int[]> statistic, int rows) {
    Rows.checkSize(rows);
    return Replicates.drawn(statistic, draws(rows), rows, resamples, seed, threads);
  }

  private double[] jackknife(ToDoubleFunction<int[]> statistic, Draws draws, int rows) {
    double[] values =
        Replicates.jackknife(statistic, draws.units(), rows, JACKKNIFE_GROUPS, threads);
    return Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
  }

  private Draws draws(int rows) {
    if (strata != null) {
      Rows.checkLength("strata", strata.length, rows, "the batch has rows");
      return Draws.stratified(strata);
    }
    if (clusters != null) {
      Rows.checkLength("clusters", clusters.length, rows, "the batch has rows");
      return Draws.clustered(clusters);
    }
    return Draws.plain(rows);
  }

  private String text(int undefined) {
    String drawn = strata != null ? ", stratified" : clusters != null ? ", clustered" : "";
    String left = undefined == 0 ? "" : ", %,d undefined".formatted(undefined);
    String name = method == BootstrapMethod.BCA ? "BCa" : method.name().toLowerCase(Locale.ROOT);
    return String.format(
        Locale.ROOT, "bootstrap %s (%,d samples%s%s)", name, resamples, drawn, left);
  }

  @Override
  public String toString() {
    return "Bootstrap[%s, level=%s, seed=%d, threads=%d]".formatted(text(0), level, seed, threads);
  }
}
