package io.vivace.evaluate;

import io.vivace.evaluate.compare.PairedBootstrap;
import io.vivace.evaluate.metric.Batch;
import io.vivace.evaluate.metric.Bootstrap;
import io.vivace.evaluate.metric.Interval;
import io.vivace.evaluate.metric.Metric;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Intervals and paired tests over the rows of a test set.
 *
 * @param level the confidence level
 * @param resamples how often rows are drawn, or 0 for neither intervals nor tests
 * @param seed where the draws come from
 * @param groups the group of each example, if those of a group depend on each other
 */
record RowBootstrap(double level, int resamples, long seed, @Nullable List<?> groups) {
  private static final String TEST = "paired bootstrap";

  void check(int examples) {
    if (groups != null && groups.size() != examples) {
      throw new IllegalArgumentException(
          String.format("there are %,d groups for %,d examples", groups.size(), examples));
    }
  }

  /**
   * The interval that suits the metric; at another level than the usual one, or with groups, a BCa
   * bootstrap.
   */
  <B extends Batch> Interval interval(Metric<B> metric, Batches batches, int[] examples) {
    if (resamples == 0 || batches.get(metric.batchType()) == null) {
      return Interval.undefined(level, "none");
    }
    B batch = batches.require(metric);
    return level == Figure.LEVEL && groups == null
        ? metric.interval(batch)
        : metric.interval(batch, drawing(Bootstrap.bca(), examples));
  }

  private Bootstrap drawing(Bootstrap bootstrap, int[] examples) {
    Bootstrap drawing = bootstrap.level(level).resamples(resamples).seed(seed);
    return groups == null ? drawing : drawing.clustered(codes(groups, examples));
  }

  private static int[] codes(List<?> groups, int[] examples) {
    Map<Object, Integer> codes = new HashMap<>();
    int[] group = new int[examples.length];
    for (int i = 0; i < group.length; i++) {
      Integer fresh = codes.size();
      Integer known = codes.putIfAbsent(groups.get(examples[i]), fresh);
      group[i] = known == null ? fresh : known;
    }
    return group;
  }

  /** First minus second, on the same rows. */
  <B extends Batch> Comparison compare(
      Metric<B> metric, Batches first, Batches second, int[] examples) {
    double difference = first.value(metric) - second.value(metric);
    if (resamples == 0 || Double.isNaN(difference)) {
      return comparison(difference, Interval.undefined(level, TEST), Double.NaN);
    }
    PairedBootstrap paired =
        PairedBootstrap.of(
            metric,
            first.require(metric),
            second.require(metric),
            drawing(Bootstrap.percentile(), examples));
    return comparison(difference, paired.interval(), paired.test().pValue());
  }

  private static Comparison comparison(double difference, Interval interval, double pValue) {
    return new Comparison(difference, interval, TEST, pValue, Comparison.Significance.UNDECIDED);
  }
}
