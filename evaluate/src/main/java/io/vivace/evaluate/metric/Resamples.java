package io.vivace.evaluate.metric;

import java.util.function.ToDoubleFunction;

/** A metric as a function of how often each row of a batch counts, for statistics of one's own. */
public final class Resamples {
  private Resamples() {}

  /**
   * Looks at the rows once.
   *
   * @param metric what to compute
   * @param batch the rows
   * @param <B> the batches the metric sees
   * @return computes the metric from how often each row counts; may be called by many threads; NaN
   *     where no row counts or the metric is undefined
   * @throws IllegalArgumentException if the batch does not suit the metric
   */
  public static <B extends Batch> ToDoubleFunction<int[]> of(Metric<B> metric, B batch) {
    if (metric instanceof CurveArea area
        && batch instanceof Scores scores
        && area.isPlainRoc(scores)) {
      return ResampledAuc.of(scores)::of;
    }
    return metric.newState().resampled(batch);
  }

  /** The rows, each as often as it counts. */
  static int[] rows(int[] times) {
    int total = 0;
    for (int count : times) {
      total += count;
    }
    int[] rows = new int[total];
    int size = 0;
    for (int row = 0; row < times.length; row++) {
      for (int i = 0; i < times[row]; i++) {
        rows[size++] = row;
      }
    }
    return rows;
  }
}
