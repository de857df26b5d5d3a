package io.vivace.evaluate.metric;

import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * A figure that says how good predictions are. Immutable and thread-safe; what is gathered lives in
 * a {@link MetricState}.
 *
 * @param <B> the batches it sees
 */
public interface Metric<B extends Batch> {
  /**
   * Returns the short name that tables show.
   *
   * @return such as {@code "f1 macro"}
   */
  String name();

  /**
   * Returns name and options, so that two metrics with the same identity compute the same. States
   * merge only where it is equal.
   *
   * @return the name, where there are no options
   */
  default String identity() {
    return name();
  }

  /**
   * Says which values are better.
   *
   * @return the goal
   */
  Goal goal();

  /**
   * Returns the lowest value it can have.
   *
   * @return a number or negative infinity
   */
  double lowest();

  /**
   * Returns the highest value it can have.
   *
   * @return a number or infinity
   */
  double highest();

  /**
   * Returns the best value it can have.
   *
   * @return {@link #highest()} or {@link #lowest()}, by the goal
   */
  default double best() {
    return goal() == Goal.MAXIMIZE ? highest() : lowest();
  }

  /**
   * Returns the type of the batches, so that callers can make what the metric needs.
   *
   * @return the class of {@code B}
   */
  Class<B> batchType();

  /**
   * Starts to gather.
   *
   * @return a state that has seen nothing
   */
  MetricState<B> newState();

  /**
   * Computes the metric of one batch.
   *
   * @param batch the rows
   * @return the value; NaN where it is undefined, if the metric does not say otherwise
   * @throws UndefinedMetricException if it is undefined, and that was asked to be an error
   */
  default double of(B batch) {
    MetricState<B> state = newState();
    state.update(batch);
    return state.compute();
  }

  /**
   * Makes a 95 % confidence interval the way that suits the metric: Wilson's for a share of rows,
   * DeLong's for the area under the ROC curve of two classes, bootstrap-t (Student's with fewer
   * than 10 rows or more than 10,000) for other means over rows without weights, the jackknife for
   * metrics that compare rows with each other, and a BCa bootstrap with 1,000 samples for the rest.
   *
   * @param batch the rows
   * @return the interval, whose method says how it was made; without bounds where there is none
   * @throws IllegalArgumentException if the batch does not suit the metric
   */
  default Interval interval(B batch) {
    return Analytic.suitable(this, batch, Bootstrap.bca());
  }

  /**
   * Makes a confidence interval by resampling.
   *
   * @param batch the rows
   * @param bootstrap how
   * @return the interval, whose method says how it was made; without bounds where there is none
   * @throws IllegalArgumentException if the batch does not suit the metric, or the strata or
   *     clusters of the bootstrap do not fit it
   */
  default Interval interval(B batch, Bootstrap bootstrap) {
    return bootstrap.interval(this, batch);
  }

  /**
   * Bounds the metric from above, as a condition of a selection.
   *
   * @param bound finite; just reaching it is allowed
   * @return the constraint
   * @throws IllegalArgumentException if the bound is not finite
   */
  default Constraint atMost(double bound) {
    return new Constraint(Column.of(this), true, bound);
  }

  /**
   * Bounds the metric from below, as a condition of a selection.
   *
   * @param bound finite; just reaching it is allowed
   * @return the constraint
   * @throws IllegalArgumentException if the bound is not finite
   */
  default Constraint atLeast(double bound) {
    return new Constraint(Column.of(this), false, bound);
  }

  /**
   * Reads a state back.
   *
   * @param bytes what {@link MetricState#toBytes()} wrote
   * @return a state that goes on from there
   * @throws IllegalArgumentException if the bytes are damaged, of another version, or of a metric
   *     with another {@link #identity()}
   */
  default MetricState<B> restore(byte[] bytes) {
    MetricState<B> state = newState();
    state.load(bytes);
    return state;
  }

  /**
   * Makes a metric without options.
   *
   * @param name the short name, also the identity
   * @param goal which values are better
   * @param lowest the lowest value it can have
   * @param highest the highest value it can have
   * @param batchType the type of the batches
   * @param accumulator makes what gathers
   * @param result computes the value of what was gathered; called with an accumulator that may have
   *     seen nothing, and then gives NaN
   * @param <B> the batches it sees
   * @param <A> what gathers
   * @return the metric
   */
  static <B extends Batch, A extends Accumulator<B, A>> Metric<B> of(
      String name,
      Goal goal,
      double lowest,
      double highest,
      Class<B> batchType,
      Supplier<A> accumulator,
      ToDoubleFunction<? super A> result) {
    return new PlainMetric<>(name, goal, lowest, highest, batchType, accumulator, result);
  }
}
