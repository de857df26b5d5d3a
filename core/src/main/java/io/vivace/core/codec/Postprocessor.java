package io.vivace.core.codec;

import io.vivace.core.model.Signature;

/**
 * Turns one row of the model's outputs into an answer. Immutable and thread-safe.
 *
 * @param <O> the type of the answers
 */
@FunctionalInterface
public interface Postprocessor<O> {
  /**
   * Reads one row. Runs on the caller's thread. The row is valid only during this call.
   *
   * @param row the row of each output, and of each input as it was written
   * @return the answer
   * @throws io.vivace.core.EngineException if the row cannot be an answer
   */
  O decode(ModelRow row);

  /**
   * Checks that the model's outputs fit, when the predictor is built.
   *
   * @param signature the model's signature; an output's shape may have open sizes
   * @throws IllegalArgumentException if they do not: the message names the output, what is wanted
   *     and what was found
   */
  default void check(Signature signature) {}
}
