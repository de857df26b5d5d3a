package io.vivace.core;

import io.vivace.core.data.Dataset;
import io.vivace.core.data.FeaturePreparation;
import java.util.Objects;

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

  /**
   * Makes an estimator of a preparation of features: it learns from the training examples how
   * features are to be prepared, and its predictor answers with the prepared features.
   *
   * <pre>{@code
   * Estimator<double[], Integer, double[]> classifier =
   *     Estimator.<Integer>preparing(FeatureScaling.standard()).then(neighbours);
   * }</pre>
   *
   * @param preparation what is learnt, as scaling or principal components
   * @param <Y> the type of the labels, which are not looked at
   * @return the estimator
   */
  static <Y> Estimator<double[], Y, double[]> preparing(FeaturePreparation preparation) {
    Objects.requireNonNull(preparation, "preparation");
    return (training, context) ->
        Predictor.of(new PreparedFeatures(preparation.fit(training.inputs())));
  }

  /**
   * Returns this estimator and then another, which learns from the answers of this one. Both see
   * the training examples only, so that cross-validation of the whole is fair. The answers to
   * training and validation examples are made once and kept in memory.
   *
   * @param next learns from the answers of this one, and the labels
   * @param <P> the type of its answers
   * @return both; its predictor asks one and then the other, and closes both
   */
  default <P> Estimator<X, Y, P> then(Estimator<O, Y, P> next) {
    return new EstimatorChain<>(this, Objects.requireNonNull(next, "next"));
  }
}
