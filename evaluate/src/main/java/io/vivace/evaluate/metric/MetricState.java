package io.vivace.evaluate.metric;

import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * What a metric has gathered so far. Takes batches in one pass, merges with states of other threads
 * or machines, and can be stored. The order of updates and merges does not change the result in any
 * bit. Not thread-safe: give each thread its own and merge.
 *
 * @param <B> the batches it sees
 */
public abstract sealed class MetricState<B extends Batch> permits AccumulatorState {
  MetricState() {}

  /**
   * Makes the state of a metric; for those who write metrics.
   *
   * @param metric whose state it is
   * @param accumulator gathers, fresh
   * @param result computes the value of what was gathered
   * @param <B> the batches it sees
   * @param <A> what gathers
   * @return a state that has seen nothing
   */
  public static <B extends Batch, A extends Accumulator<B, A>> MetricState<B> of(
      Metric<B> metric, A accumulator, ToDoubleFunction<? super A> result) {
    return new AccumulatorState<>(
        Objects.requireNonNull(metric, "metric"),
        Objects.requireNonNull(accumulator, "accumulator"),
        Objects.requireNonNull(result, "result"));
  }

  /**
   * Returns whose state this is.
   *
   * @return the metric
   */
  public abstract Metric<B> metric();

  /**
   * Takes in a batch.
   *
   * @param batch the rows
   * @throws IllegalArgumentException if the batch does not suit the metric, or what was seen
   *     before; the state is as it was
   */
  public abstract void update(B batch);

  /**
   * Takes in what another state has gathered.
   *
   * @param other a state of a metric with the same identity; stays as it is
   * @throws IllegalArgumentException if it is this state, or of another metric
   */
  public abstract void merge(MetricState<B> other);

  /**
   * Computes the metric of everything seen. May be called again after more updates.
   *
   * @return the value; NaN where nothing was seen
   * @throws UndefinedMetricException if it is undefined, and that was asked to be an error
   */
  public abstract double compute();

  /** Forgets everything. */
  public abstract void reset();

  /**
   * Writes everything gathered, with a version and the metric's identity. The same content gives
   * the same bytes where the metric keeps counts and sums; one that keeps scores writes them in the
   * order in which they came.
   *
   * @return what {@link Metric#restore} reads
   */
  public abstract byte[] toBytes();

  /**
   * The metric of a batch as a function of how often each row counts; does not change the state.
   */
  abstract ToDoubleFunction<int[]> resampled(B batch);

  /** The accumulator, for those who know intervals of what it gathers. */
  abstract Accumulator<B, ?> accumulator();

  /** Replaces everything gathered. */
  abstract void load(byte[] bytes);
}
