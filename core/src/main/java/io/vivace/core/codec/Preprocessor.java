package io.vivace.core.codec;

import io.vivace.core.model.ElementType;
import io.vivace.core.model.TensorSpec;
import java.util.List;
import java.util.function.Function;

/**
 * Turns an item into one row of each of the model's inputs.
 *
 * <p>A preprocessor is an immutable, thread-safe description. {@link #encode} checks the item and
 * does the costly part on the calling thread; the row that it returns is later written straight
 * into the batch's buffer, with no tensor in between.
 *
 * <p>A preprocessor of one's own:
 *
 * <pre>{@code
 * final class PointInput implements Preprocessor<Point> {
 *   public List<TensorSpec> tensors() {
 *     return List.of(TensorSpec.of(ElementType.FLOAT32, 2));
 *   }
 *   public EncodedRow encode(Point point) {
 *     return (tensor, out) -> {
 *       out.putFloat(0, point.x());
 *       out.putFloat(1, point.y());
 *     };
 *   }
 * }
 * }</pre>
 *
 * @param <I> the type of the items
 */
public interface Preprocessor<I> {
  /**
   * States the tensors that this codec fills: name, element type, and the shape of one row, without
   * the batch axis. A size of {@link io.vivace.core.model.Shape#ANY} may differ from item to item;
   * a batch is then as large as its largest row. Specifications without a name are matched to the
   * model's inputs by position.
   *
   * @return the tensors, always the same
   */
  List<TensorSpec> tensors();

  /**
   * Checks one item and prepares its row. Runs on the caller's thread, for many items at a time.
   *
   * @param item the item
   * @return the row, to be written once or more
   * @throws io.vivace.core.InvalidInputException if the item does not fit; the message names what
   *     was wanted and what was found
   */
  EncodedRow encode(I item);

  /**
   * Tells whether the tensor is left out where the model has no input of its name.
   *
   * @param tensor one of {@link #tensors()}
   * @return false by default: a model without this input does not fit
   */
  default boolean isOptional(TensorSpec tensor) {
    return false;
  }

  /**
   * Tells whether the model may take the tensor as another element type; the row is then converted
   * while it is written.
   *
   * @param tensor one of {@link #tensors()}
   * @param modelType the type that the model asks for
   * @return by default true only for the tensor's own type
   */
  default boolean accepts(TensorSpec tensor, ElementType modelType) {
    return tensor.type() == modelType;
  }

  /**
   * Prepares items with a function before this codec sees them, as with features that were scaled
   * for the training of the model:
   *
   * <pre>{@code
   * FeatureTransform scaling = FeatureScaling.standard().fit(training.inputs());
   * Preprocessor<double[]> input = VectorInput.doubles(30).after(scaling);
   * }</pre>
   *
   * @param function turns an item into what this codec takes; must be thread-safe. Its {@link
   *     IllegalArgumentException} becomes an {@link io.vivace.core.InvalidInputException}
   * @param <J> the type of the items
   * @return a codec for such items
   */
  default <J> Preprocessor<J> after(Function<? super J, ? extends I> function) {
    return new PreparedInput<>(this, function);
  }
}
