package io.vivace.core.codec;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.vivace.core.internal.run.TensorRow;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Writes items to tensors and reads tensors as a model's row, without a model. */
final class Rows {
  private Rows() {}

  /** Writes one item to a tensor of the codec's own type and size. */
  static <I> Tensor encode(Preprocessor<I> codec, I item) {
    return encode(codec, 0, codec.tensors().get(0).type(), item);
  }

  static <I> Tensor encode(Preprocessor<I> codec, int tensor, ElementType type, I item) {
    EncodedRow row = codec.encode(item);
    Shape shape = row.shape(tensor, codec.tensors().get(tensor));
    return write(row, tensor, dirty(type, shape));
  }

  /** Writes an item to a row that is larger than it asks for. */
  static <I> Tensor encodeInto(
      Preprocessor<I> codec, int tensor, ElementType type, Shape shape, I item) {
    return write(codec.encode(item), tensor, dirty(type, shape));
  }

  private static Tensor write(EncodedRow row, int tensor, Tensor target) {
    row.write(tensor, TensorRow.ofWhole(target).at(0));
    return target;
  }

  /** A tensor that holds what an earlier run left. */
  private static Tensor dirty(ElementType type, Shape shape) {
    Tensor tensor = Tensor.allocate(type, shape);
    if (type == ElementType.STRING) {
      java.util.Arrays.fill(tensor.strings(), "dirt");
    } else {
      for (int i = 0; i < tensor.data().capacity(); i++) {
        tensor.data().put(i, (byte) 0x7b);
      }
    }
    return tensor;
  }

  static ModelRow output(Tensor output) {
    return row(Map.of(), Map.of("out", output));
  }

  /** A model's row; the maps' iteration order is the model's. */
  static ModelRow row(Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
    return new Row(inputs, outputs);
  }

  private record Row(Map<String, Tensor> inputs, Map<String, Tensor> outputs) implements ModelRow {
    @Override
    public Signature signature() {
      return new Signature(specs(inputs), specs(outputs));
    }

    private static List<TensorSpec> specs(Map<String, Tensor> tensors) {
      return tensors.entrySet().stream()
          .map(e -> new TensorSpec(e.getKey(), e.getValue().type(), e.getValue().shape()))
          .toList();
    }

    @Override
    public RowReader output(int index) {
      return TensorRow.ofWhole(List.copyOf(outputs.values()).get(index)).at(0);
    }

    @Override
    public RowReader output(String name) {
      return TensorRow.ofWhole(Objects.requireNonNull(outputs.get(name), name)).at(0);
    }

    @Override
    public RowReader input(String name) {
      return TensorRow.ofWhole(Objects.requireNonNull(inputs.get(name), name)).at(0);
    }
  }

  static InputStream open(String name) {
    return Objects.requireNonNull(Rows.class.getResourceAsStream(name), name);
  }

  static byte[] bytes(String name) throws IOException {
    try (InputStream in = open(name)) {
      return in.readAllBytes();
    }
  }

  static JsonElement json(String name) throws IOException {
    try (InputStreamReader in = new InputStreamReader(open(name), StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(in);
    }
  }
}
