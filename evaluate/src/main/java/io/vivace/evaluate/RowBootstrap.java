package io.vivace.evaluate;

import io.vivace.evaluate.compare.PairedBootstrap;
import io.vivace.evaluate.metric.Batch;
import io.vivace.evaluate.metric.Bootstrap;
import io.vivace.evaluate.metric.Interval;
import io.vivace.evaluate.metric.Metric;

/**
 * Intervals and paired tests over the rows of a test set.
 *
 * @param level the confidence level
 * @param resamples how often rows are drawn, or 0 for neither intervals nor tests
 * @param seed where the draws come from
 */
record RowBootstrap(double level, int resamples, long seed) {
  private static final String TEST = "paired bootstrap";

  /** The interval that suits the metric; at another level than the usual one a BCa bootstrap. */
  <B extends Batch> Interval interval(Metric<B> metric, Batches batches) {
    if (resamples == 0 || batches.get(metric.batchType()) == null) {
      return Interval.undefined(level, "none");
    }
    B batch = batches.require(metric);
    return level == Figure.LEVEL
        ? metric.interval(batch)
        : metric.interval(batch, drawing(Bootstrap.bca()));
  }

  private Bootstrap drawing(Bootstrap bootstrap) {
    return bootstrap.level(level).resamples(resamples).seed(seed);
  }

  /** First minus second, on the same rows. */
  <B extends Batch> Comparison compare(Metric<B> metric, Batches first, Batches second) {
    double difference = first.value(metric) - second.value(metric);
    if (resamples == 0 || Double.isNaN(difference)) {
      return comparison(difference, Interval.undefined(level, TEST), Double.NaN);
    }
    PairedBootstrap paired =
        PairedBootstrap.of(
            metric, first.require(metric), second.require(metric), drawing(Bootstrap.percentile()));
    return comparison(difference, paired.interval(), paired.test().pValue());
  }

  private static Comparison comparison(double difference, Interval interval, double pValue) {
    return new Comparison(difference, interval, TEST, pValue, Comparison.Significance.UNDECIDED);
  }
}
