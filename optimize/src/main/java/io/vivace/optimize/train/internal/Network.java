package io.vivace.optimize.train.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vivace.core.model.Signature;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A thing to train: a block, or a graph of operators. One thread uses it at a time.
 *
 * <p>A step of training is: {@link #forward} under a gradient collector, loss, backward, clipping,
 * the optimizer's change of each of {@link #parameters()} in place, {@link #afterStep}.
 */
public interface Network extends AutoCloseable {
  /**
   * Returns the manager that owns parameters and statistics. What must outlive a step, as the state
   * of an optimizer, is made with it.
   *
   * @return the manager; closed with the network
   */
  NDManager manager();

  /**
   * Returns what goes in and comes out, where the network says so.
   *
   * @return the signature, with the batch axis; {@link Signature#UNDECLARED} for a block
   */
  default Signature signature() {
    return Signature.UNDECLARED;
  }

  /**
   * Makes the arrays, where that is still to be done: a block needs the shape of its inputs for
   * that.
   *
   * @param inputs the first batch that the network will see
   */
  default void initialize(NDList inputs) {}

  /**
   * Returns the arrays that an optimizer changes in place. Each requires a gradient. Names and
   * order are the same in every run.
   *
   * @return by name; those that are frozen are left out
   */
  Map<String, NDArray> parameters();

  /**
   * Returns what else makes up the network: frozen parameters, running statistics, masks. Training
   * may change it in place. With {@link #parameters()} it is all that a checkpoint must hold.
   *
   * @return by name; no name is one of a parameter
   */
  Map<String, NDArray> state();

  /**
   * Keeps parameters as they are from now on.
   *
   * @param names which ones
   */
  void freeze(Predicate<String> names);

  /**
   * Computes the outputs.
   *
   * @param inputs one array per input; they belong to the manager of the step
   * @param training whether dropout drops, statistics are those of the batch, and gradients are
   *     wanted
   * @return the outputs; they belong to the manager of the first input
   */
  NDList forward(NDList inputs, boolean training);

  /**
   * Computes the outputs, and after them values inside the network.
   *
   * @param inputs as for {@link #forward(NDList, boolean)}
   * @param training as for {@link #forward(NDList, boolean)}
   * @param inner names of values: of a graph the names of its tensors, of a block the names of its
   *     parts
   * @return the outputs, then the inner values in the order of their names
   * @throws IllegalArgumentException if there is no such value; the message lists those there are
   */
  NDList forward(NDList inputs, boolean training, List<String> inner);

  /**
   * Returns what stays when training is over: the network without what only its training needed.
   *
   * @return by default this one
   */
  default Network trained() {
    return this;
  }

  /**
   * Called after the optimizer changed the parameters: what must hold is made to hold again, as
   * that pruned weights are 0 and tied ones equal.
   *
   * @param step how many steps there have been, from 1
   */
  default void afterStep(long step) {}

  /**
   * Tells whether the structure is what it is to be: a network that is still pruned may be better
   * than it will be, and must not be kept for that.
   *
   * @param step how many steps there have been
   * @return true from some step on
   */
  default boolean isSettled(long step) {
    return true;
  }

  /**
   * Describes what the network is, without the values: a checkpoint fits where this is equal.
   *
   * @return names and shapes of all arrays
   */
  default String description() {
    StringBuilder text = new StringBuilder();
    parameters().forEach((name, array) -> text.append(line(name, array)));
    state().forEach((name, array) -> text.append(line(name, array)));
    return text.toString();
  }

  /**
   * Writes the weights in the network's own form: a graph as an ONNX file, a block as DJL
   * parameters.
   *
   * @param target the file; it is replaced at once when all is written
   */
  void save(Path target);

  /**
   * Writes an ONNX file that computes what {@link #forward} does when it does not train.
   *
   * @param target the file; it is replaced at once when all is written
   * @throws IllegalArgumentException if a part has no form in ONNX; the message names it
   */
  void export(Path target);

  /** Gives the engine's memory back. Works twice. */
  @Override
  void close();

  private static String line(String name, NDArray array) {
    return name + ' ' + array.getShape() + '\n';
  }
}
