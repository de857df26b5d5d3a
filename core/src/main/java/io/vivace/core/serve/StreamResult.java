package io.vivace.core.serve;

import io.vivace.core.Outcome;

/**
 * What became of one item of a stream.
 *
 * @param position the item's place in the stream, from 0
 * @param item the item
 * @param outcome its answer or its error
 * @param <I> the type of the items
 * @param <O> the type of the answers
 */
public record StreamResult<I, O>(long position, I item, Outcome<O> outcome) {
  /**
   * Returns the answer.
   *
   * @return the answer
   * @throws io.vivace.core.InferenceException the item's own error, if it failed
   */
  public O get() {
    return outcome.get();
  }
}
