package io.vivace.core.serve;

import io.vivace.core.tensor.Tensor;
import java.util.List;

/**
 * An answer, and the state that the model is in after it.
 *
 * @param answer the answer
 * @param state the tensors of the state, in the order in which the {@link StatefulCodec} names them
 * @param <O> the type of the answers
 */
public record StatefulAnswer<O>(O answer, List<Tensor> state) {
  /**
   * Copies the list.
   *
   * @param answer the answer
   * @param state the tensors of the state, in the order in which the {@link StatefulCodec} names
   *     them
   */
  public StatefulAnswer {
    state = List.copyOf(state);
  }
}
