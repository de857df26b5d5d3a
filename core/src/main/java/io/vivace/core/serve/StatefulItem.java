package io.vivace.core.serve;

import io.vivace.core.tensor.Tensor;
import java.util.List;

/**
 * An item, and the state that the model is in before it. Made by a {@link StatefulSession}.
 *
 * @param item the item
 * @param state the tensors of the state, in the order in which the {@link StatefulCodec} names them
 * @param <I> the type of the items
 */
public record StatefulItem<I>(I item, List<Tensor> state) {
  /**
   * Copies the list.
   *
   * @param item the item
   * @param state the tensors of the state, in the order in which the {@link StatefulCodec} names
   *     them
   */
  public StatefulItem {
    state = List.copyOf(state);
  }
}
