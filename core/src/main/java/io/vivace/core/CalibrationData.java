package io.vivace.core;

import io.vivace.core.codec.Preprocessor;
import io.vivace.core.data.Dataset;
import io.vivace.core.internal.run.EncodedBatches;
import io.vivace.core.model.Signature;
import io.vivace.core.tensor.Tensor;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Examples in the form in which a model takes them: batches of tensors by input name. Immutable:
 * each option returns a changed copy. Each iteration makes new tensors, which belong to the caller.
 *
 * <pre>{@code
 * Iterable<Map<String, Tensor>> calibration =
 *     CalibrationData.of(training, VectorInput.floats(64)).forModel(predictor.signature());
 * }</pre>
 *
 * <p>Iterating throws {@link InvalidInputException}, which names the example, if one does not fit.
 *
 * @param <X> the type of the examples' inputs
 */
public final class CalibrationData<X> implements Iterable<Map<String, Tensor>> {
  private static final int DEFAULT_BATCH_SIZE = 32;

  private final List<X> items;
  private final Preprocessor<X> codec;
  private final Signature signature;
  private final int batchSize;

  private CalibrationData(
      List<X> items, Preprocessor<X> codec, Signature signature, int batchSize) {
    this.items = Objects.requireNonNull(items, "items");
    this.codec = Objects.requireNonNull(codec, "codec");
    this.signature = Objects.requireNonNull(signature, "signature");
    this.batchSize = batchSize;
  }

  /**
   * Makes calibration data for any model whose inputs have the names that the codec gives.
   *
   * @param data the examples; only the inputs are used
   * @param codec how an input becomes a row
   * @param <X> the type of the examples' inputs
   * @return the data, in batches of 32
   */
  public static <X> CalibrationData<X> of(Dataset<X, ?> data, Preprocessor<X> codec) {
    return new CalibrationData<>(data.inputs(), codec, Signature.UNDECLARED, DEFAULT_BATCH_SIZE);
  }

  /**
   * Takes names, element types and sizes of the inputs from a model. Needed where the codec names
   * no tensor.
   *
   * <p>Default: those of the codec, with a batch axis in front.
   *
   * @param signature the model's signature
   * @return a changed copy
   */
  public CalibrationData<X> forModel(Signature signature) {
    return new CalibrationData<>(items, codec, signature, batchSize);
  }

  /**
   * Sets how many examples a batch has; the last one may have fewer.
   *
   * <p>Default: 32. A model with a batch axis of fixed size gets batches of that size, the last one
   * filled with copies of its last example.
   *
   * @param examples at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if {@code examples} is below 1
   */
  public CalibrationData<X> batchSize(int examples) {
    if (examples < 1) {
      throw new IllegalArgumentException("batchSize must be at least 1, but was " + examples);
    }
    return new CalibrationData<>(items, codec, signature, examples);
  }

  /**
   * Starts to make batches, each one when it is asked for.
   *
   * @return an iterator over all examples in order; it has no element if there is no example
   * @throws IllegalArgumentException if the codec does not fit the model, or an input has no name;
   *     the message lists all faults
   */
  @Override
  public Iterator<Map<String, Tensor>> iterator() {
    EncodedBatches<X> batches = new EncodedBatches<>(items, codec, signature);
    int size = batches.batchSize(batchSize);
    return IntStream.iterate(0, from -> from < items.size(), from -> from + size)
        .mapToObj(from -> batches.batch(from, Math.min(items.size(), from + size)))
        .iterator();
  }

  /**
   * Returns every option with its value.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return String.format(
        "CalibrationData[%,d examples, codec=%s, signature=%s, batchSize=%d]",
        items.size(), codec, signature, batchSize);
  }
}
