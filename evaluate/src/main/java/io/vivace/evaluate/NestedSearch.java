package io.vivace.evaluate;

import io.vivace.core.Estimator;
import io.vivace.core.FitContext;
import io.vivace.core.data.Dataset;
import java.util.Objects;

/**
 * The inner search of a nested cross-validation: chooses an estimator by the training part of an
 * outer fold alone.
 *
 * @param <X> the type of the inputs
 * @param <Y> the type of the labels
 * @param <O> the type of the answers
 */
@FunctionalInterface
public interface NestedSearch<X, Y, O> {
  /**
   * Chooses. Called on several threads at a time.
   *
   * @param training the training part of the outer fold
   * @param context seed, progress and stop signal of the fold
   * @return what was chosen; it is then fitted to the whole training part
   */
  Choice<X, Y, O> search(Dataset<X, Y> training, FitContext<X, Y> context);

  /**
   * What was chosen.
   *
   * @param description what to call it in results, such as the parameters
   * @param estimator the estimator
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   * @param <O> the type of the answers
   */
  record Choice<X, Y, O>(String description, Estimator<X, Y, O> estimator) {
    /**
     * Checks that nothing is null.
     *
     * @param description what to call it in results
     * @param estimator the estimator
     */
    public Choice {
      Objects.requireNonNull(description, "description");
      Objects.requireNonNull(estimator, "estimator");
    }
  }
}
