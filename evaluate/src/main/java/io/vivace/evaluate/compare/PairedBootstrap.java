package io.vivace.evaluate.compare;

import io.vivace.evaluate.metric.Batch;
import io.vivace.evaluate.metric.Bootstrap;
import io.vivace.evaluate.metric.Interval;
import io.vivace.evaluate.metric.Metric;
import io.vivace.evaluate.metric.Resamples;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * The paired bootstrap: any metric of two models on the same examples. Both are computed on the
 * same samples, so what makes an example hard for both drops out.
 *
 * <p>The p-value is how often a sample's difference lies as far from the difference found as that
 * lies from 0, with one added above and below: {@code (1 + count) / (1 + samples)}, so it is never
 * 0. Samples without a value are left out; where there is no difference, or more than half of the
 * samples have no value, there is no interval and p is 1. Source: Efron and Tibshirani, "An
 * introduction to the bootstrap", 1993, chapter 16; Hall and Wilson 1991 for the centring.
 *
 * @param difference the first model's metric minus the second's
 * @param interval of the difference
 * @param test the result, two-sided; the statistic is the difference
 */
public record PairedBootstrap(double difference, Interval interval, TestResult test) {
  /**
   * Compares two models.
   *
   * @param metric what to compute
   * @param first the first model's predictions
   * @param second the second's for the same rows
   * @param bootstrap how samples are drawn and the interval is made
   * @param <B> the batches the metric sees
   * @return the comparison
   * @throws IllegalArgumentException if the numbers of rows differ, the strata or clusters of the
   *     bootstrap do not fit, or a batch does not suit the metric
   */
  public static <B extends Batch> PairedBootstrap of(
      Metric<B> metric, B first, B second, Bootstrap bootstrap) {
    Samples.sameLength(first.size(), second.size(), "the rows of both models");
    ToDoubleFunction<int[]> a = Resamples.of(metric, first);
    ToDoubleFunction<int[]> b = Resamples.of(metric, second);
    return of(times -> a.applyAsDouble(times) - b.applyAsDouble(times), first.size(), bootstrap);
  }

  /**
   * Compares any statistic of both models.
   *
   * @param difference computes first minus second from how often each row counts, as {@link
   *     Bootstrap#interval(ToDoubleFunction, int)} has it
   * @param rows the number of rows, at least 1
   * @param bootstrap how samples are drawn and the interval is made
   * @return the comparison
   * @throws IllegalArgumentException if there are no rows, or the strata or clusters of the
   *     bootstrap do not fit
   */
  public static PairedBootstrap of(
      ToDoubleFunction<int[]> difference, int rows, Bootstrap bootstrap) {
    double[] samples = bootstrap.distribution(difference, rows);
    Interval interval = bootstrap.interval(difference, samples, rows);
    int[] once = new int[rows];
    Arrays.fill(once, 1);
    double found = difference.applyAsDouble(once);
    double p = interval.isDefined() ? pValue(samples, found) : 1;
    return new PairedBootstrap(found, interval, new TestResult("paired bootstrap", found, p));
  }

  private static double pValue(double[] samples, double found) {
    double far = 1;
    double count = 1;
    for (double sample : samples) {
      if (!Double.isNaN(sample)) {
        count++;
        far += Math.abs(sample - found) >= Math.abs(found) ? 1 : 0;
      }
    }
    return far / count;
  }
}
