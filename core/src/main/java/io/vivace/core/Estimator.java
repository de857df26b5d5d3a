package io.vivace.core;

import io.vivace.core.data.Dataset;

/**
 * Learns from examples: a trainer, a classical method, or a function of one's own.
 *
 * <p>An estimator is an immutable description and thread-safe, so that cross-validation may fit it
 * on several folds at a time. The same examples, context and estimator give an equal predictor.
 *
 * <pre>{@code
 * Estimator<double[], Integer, Integer> majority =
 *     (training, context) -> constant(mostFrequent(training.labels()));
 * }</pre>
 *
 * @param <X> the type of the inputs
 * @param <Y> the type of the labels
 * @param <O> the type of the answers
 */
@FunctionalInterface
public interface Estimator<X, Y, O> {
  /**
   * Learns.
   *
   * @param training the examples to learn from
   * @param context validation data, seed, progress and stop signal
   * @return a predictor, to be closed by the caller
   * @throws IllegalArgumentException if nothing can be learnt from such examples; the message says
   *     why
   * @throws java.util.concurrent.CancellationException if the stop signal was given before the end
   */
  Predictor<X, O> fit(Dataset<X, Y> training, FitContext<X, Y> context);

  /**
   * Learns with {@linkplain FitContext#defaults() the defaults}.
   *
   * @param training the examples to learn from
   * @return a predictor, to be closed by the caller
   * @throws IllegalArgumentException if nothing can be learnt from such examples; the message says
   *     why
   */
  default Predictor<X, O> fit(Dataset<X, Y> training) {
    return fit(training, FitContext.defaults());
  }
}
