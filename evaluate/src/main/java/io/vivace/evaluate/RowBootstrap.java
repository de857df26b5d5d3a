package io.vivace.evaluate;

import io.vivace.evaluate.internal.SeededRandom;
import io.vivace.evaluate.metric.Batch;
import io.vivace.evaluate.metric.Interval;
import io.vivace.evaluate.metric.Metric;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * Draws rows with replacement, the same ones for both sides of a comparison.
 *
 * @param level the confidence level
 * @param resamples how often
 * @param seed where the draws come from
 */
record RowBootstrap(double level, int resamples, long seed) {
  private static final String METHOD = "percentile bootstrap over rows";
  private static final String TEST = "paired bootstrap";

  <B extends Batch> Interval interval(Metric<B> metric, Batches batches) {
    if (resamples == 0 || batches.get(metric.batchType()) == null) {
      return Interval.undefined(level, METHOD);
    }
    B batch = batches.require(metric);
    return percentiles(draws(batch.size(), rows -> value(metric, batch, rows)));
  }

  /** First minus second, on the same rows. */
  <B extends Batch> Comparison compare(Metric<B> metric, Batches first, Batches second) {
    double difference = first.value(metric) - second.value(metric);
    if (resamples == 0 || Double.isNaN(difference)) {
      return undefined(difference);
    }
    B left = first.require(metric);
    B right = second.require(metric);
    double[] differences =
        draws(left.size(), rows -> value(metric, left, rows) - value(metric, right, rows));
    long asFar =
        DoubleStream.of(differences)
            .filter(each -> Math.abs(each - difference) >= Math.abs(difference))
            .count();
    double pValue = (asFar + 1.0) / (differences.length + 1.0);
    return new Comparison(
        difference,
        percentiles(differences),
        TEST,
        differences.length == 0 ? Double.NaN : pValue,
        Comparison.Significance.UNDECIDED);
  }

  private Comparison undefined(double difference) {
    return new Comparison(
        difference,
        Interval.undefined(level, METHOD),
        TEST,
        Double.NaN,
        Comparison.Significance.UNDECIDED);
  }

  private interface Statistic {
    double of(int[] rows);
  }

  @SuppressWarnings("unchecked") // a selection has the type of its batch
  private static <B extends Batch> double value(Metric<B> metric, B batch, int[] rows) {
    return metric.of((B) batch.select(rows));
  }

  /** The defined values of all draws, sorted. */
  private double[] draws(int size, Statistic statistic) {
    SeededRandom random = new SeededRandom(seed);
    double[] values = new double[resamples];
    int defined = 0;
    for (int i = 0; i < resamples; i++) {
      int[] rows = new int[size];
      Arrays.setAll(rows, row -> random.nextInt(size));
      double value = statistic.of(rows);
      if (!Double.isNaN(value)) {
        values[defined++] = value;
      }
    }
    double[] sorted = Arrays.copyOf(values, defined);
    Arrays.sort(sorted);
    return sorted;
  }

  private Interval percentiles(double[] sorted) {
    if (sorted.length == 0) {
      return Interval.undefined(level, METHOD);
    }
    double tail = (1 - level) / 2;
    return new Interval(quantile(sorted, tail), quantile(sorted, 1 - tail), level, METHOD);
  }

  private static double quantile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
