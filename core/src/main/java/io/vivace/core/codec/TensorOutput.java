package io.vivace.core.codec;

import io.vivace.core.model.ElementType;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Float16;
import io.vivace.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Copies outputs as they are, without the batch axis. Immutable and thread-safe.
 *
 * <p>An answer is an unmodifiable map from the output's name to a tensor of its own memory, in the
 * model's order.
 */
public final class TensorOutput implements Postprocessor<Map<String, Tensor>> {
  private final Set<String> names;

  private TensorOutput(Set<String> names) {
    this.names = names;
  }

  /**
   * Copies every output.
   *
   * @return a codec
   */
  public static TensorOutput all() {
    return new TensorOutput(Set.of());
  }

  /**
   * Copies the outputs of these names.
   *
   * @param outputs at least one name, none twice
   * @return a codec
   * @throws IllegalArgumentException if there is no name, or one twice
   */
  public static TensorOutput of(String... outputs) {
    if (outputs.length == 0) {
      throw new IllegalArgumentException("name at least one output, or use all()");
    }
    return new TensorOutput(Set.of(outputs));
  }

  @Override
  public Map<String, Tensor> decode(ModelRow row) {
    List<TensorSpec> outputs = row.signature().outputs();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < outputs.size(); i++) {
      if (names.isEmpty() || names.contains(outputs.get(i).name())) {
        tensors.put(outputs.get(i).name(), copy(row.output(i)));
      }
    }
    return java.util.Collections.unmodifiableMap(tensors);
  }

  private static Tensor copy(RowReader row) {
    Tensor tensor = Tensor.allocate(row.type(), row.shape());
    if (row.type() == ElementType.STRING) {
      for (int i = 0; i < row.size(); i++) {
        tensor.strings()[i] = row.getString(i);
      }
      return tensor;
    }
    ByteBuffer data = tensor.data();
    switch (row.type()) {
      case FLOAT32 -> data.asFloatBuffer().put(row.toFloats());
      case FLOAT64 -> data.asDoubleBuffer().put(row.toDoubles());
      case INT64 -> data.asLongBuffer().put(row.toLongs());
      default -> copyNarrow(row, data);
    }
    return tensor;
  }

  private static void copyNarrow(RowReader row, ByteBuffer data) {
    for (int i = 0; i < row.size(); i++) {
      switch (row.type()) {
        case FLOAT16 -> data.putShort(Float16.fromFloat(row.getFloat(i)));
        case INT32 -> data.putInt((int) row.getLong(i));
        default -> data.put((byte) row.getLong(i));
      }
    }
  }

  @Override
  public void check(Signature signature) {
    if (!signature.outputs().isEmpty()) {
      names.forEach(name -> OutputChoice.named(name).in(signature));
    }
  }

  @Override
  public String toString() {
    return "TensorOutput[outputs="
        + (names.isEmpty() ? "all" : names.stream().sorted().toList())
        + "]";
  }
}
