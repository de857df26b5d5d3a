package io.vivace.core.spi;

import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Tensor;
import java.util.List;

/**
 * Runs a model, one run at a time, over buffers that it keeps from run to run. Used by one thread
 * at a time, not always the same.
 */
public interface ExecutionContext extends AutoCloseable {
  /**
   * Makes ready for runs with inputs of these shapes, and returns the memory to write them to. The
   * same shapes as last time cost next to nothing.
   *
   * @param inputs name, type and full shape (batch axis included, no open size) of each input, in
   *     the order of the model's signature, or of the arguments where it has none
   * @return a tensor for each input, in order; valid until the next {@code prepare} or {@code
   *     close}. What they hold is undefined
   * @throws io.vivace.core.EngineException if the engine cannot take such inputs
   */
  List<Tensor> prepare(List<TensorSpec> inputs);

  /**
   * Runs the model on what the prepared inputs hold.
   *
   * @return the outputs, in the order of the signature; valid until the next {@code prepare},
   *     {@code run} or {@code close}. The very same list as last time if neither the tensors nor
   *     their memory changed, which spares the caller looking at them again
   * @throws io.vivace.core.EngineException if the engine fails
   */
  List<Tensor> run();

  /**
   * Asks the run in progress to end as soon as it can, or takes that back. Called from another
   * thread, and only while the context is in use. A run that is ended fails with an {@link
   * io.vivace.core.EngineException}; so does every later one until it is taken back.
   *
   * <p>Does nothing by default, for engines whose runs cannot be ended.
   *
   * @param terminate whether runs are to end
   */
  default void terminate(boolean terminate) {}

  /** Frees the buffers. May be called twice. */
  @Override
  void close();
}
