package io.vivace.core.internal.run;

import io.vivace.core.InferenceException;
import io.vivace.core.InvalidInputException;
import io.vivace.core.codec.EncodedRow;
import io.vivace.core.codec.Preprocessor;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the inputs of a run from items, without a model that runs. */
public final class EncodedBatches<X> {
  private final List<X> items;
  private final Preprocessor<X> codec;
  private final Layout layout;

  /**
   * Matches the codec with the model.
   *
   * @throws IllegalArgumentException if they do not fit, or an input has no name
   */
  public EncodedBatches(List<X> items, Preprocessor<X> codec, Signature signature) {
    List<String> faults = new ArrayList<>();
    this.items = items;
    this.codec = codec;
    this.layout = Layout.match(codec, signature, faults);
    for (Layout.Input input : layout.inputs()) {
      if (input.model().name().isEmpty()) {
        faults.add("tensor " + input.model() + " has no name: give the signature of the model");
      }
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
  }

  /** How many rows a batch has: what is wished for, unless the model fixes it. */
  public int batchSize(int wanted) {
    return layout.fixedBatch() == Layout.ANY_BATCH ? wanted : layout.fixedBatch();
  }

  /** Makes new tensors of some rows; where the model wants more, the last one is repeated. */
  public Map<String, Tensor> batch(int from, int to) {
    EncodedRow[] rows = new EncodedRow[to - from];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = encode(from + i);
    }
    int size = batchSize(rows.length);
    List<TensorSpec> specs = layout.openSpecs(rows, 0, rows.length, size);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < specs.size(); i++) {
      Layout.Input input = layout.inputs().get(i);
      Tensor tensor = Tensor.allocate(specs.get(i).type(), specs.get(i).shape());
      TensorRow window = input.batched() ? TensorRow.ofBatch(tensor) : TensorRow.ofWhole(tensor);
      for (int row = 0; row < size; row++) {
        rows[Math.min(row, rows.length - 1)].write(input.codecTensor(), window.at(row));
      }
      tensors.put(specs.get(i).name(), tensor);
    }
    return Collections.unmodifiableMap(tensors);
  }

  private EncodedRow encode(int index) {
    try {
      EncodedRow row = codec.encode(items.get(index));
      layout.check(row);
      return row;
    } catch (InferenceException e) {
      throw new InvalidInputException("example " + index + ": " + e.getMessage(), e);
    }
  }
}
