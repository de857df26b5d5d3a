package io.vivace.core.model.onnx;

import io.vivace.core.model.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code TensorProto} and {@code SparseTensorProto}. */
final class TensorReader {
  private static final int EXTERNAL = 1;

  /** Far above what any engine runs; keeps shapes and messages small. */
  static final int MAX_RANK = 64;

  private final WireMessage message;
  private String name = "";
  private OnnxElementType type = OnnxElementType.UNDEFINED;
  private final FieldValues.Collector dims = new FieldValues.Collector(FieldValues.Kind.VARINT);
  private @Nullable ByteRange raw;
  private int dataField;
  private FieldValues.@Nullable Collector data;
  private int location;
  private final Map<String, String> external = new LinkedHashMap<>();
  private final List<ByteRange> kept = new ArrayList<>(1);

  private TensorReader(WireMessage message) {
    this.message = message;
  }

  static OnnxTensor tensor(WireMessage message) {
    TensorReader reader = new TensorReader(message);
    while (message.next()) {
      reader.field();
    }
    return new OnnxTensor(
        reader.name,
        reader.type,
        shape(message, reader.dims.values()),
        reader.payload(),
        message.range(),
        List.copyOf(reader.kept));
  }

  private void field() {
    switch (message.field()) {
      case 1 -> dims.add(message);
      case 2 -> type = TypeReader.elementType(message.once());
      case 4, 5, 6, 7, 10, 11 -> collect();
      case 8 -> name = message.once().text();
      case 9 -> raw = message.once().bytes();
      case 13 -> ModelReader.entry(message.message("StringStringEntryProto"), external);
      case 14 -> location = message.once().int32();
      default -> message.keep(kept);
    }
  }

  private static FieldValues.Kind kind(int dataField) {
    return switch (dataField) {
      case 4 -> FieldValues.Kind.FIXED32;
      case 6 -> FieldValues.Kind.BYTES;
      case 10 -> FieldValues.Kind.FIXED64;
      default -> FieldValues.Kind.VARINT;
    };
  }

  private void collect() {
    if (data == null) {
      dataField = message.field();
      data = new FieldValues.Collector(kind(dataField));
    } else if (dataField != message.field()) {
      throw message.broken(
          "has values in field %d and in field %d, allowed is one of them"
              .formatted(dataField, message.field()));
    }
    data.add(message);
  }

  private OnnxPayload payload() {
    boolean inline = data != null && data.values().count() > 0;
    if (location != 0 && location != EXTERNAL) {
      throw message.broken("has the data location %d, allowed is 0 or 1".formatted(location));
    }
    if (location == EXTERNAL) {
      if (inline || (raw != null && raw.length() > 0)) {
        throw message.broken("has values in the file and in another, allowed is one of them");
      }
      return external();
    }
    if (raw != null) {
      if (inline) {
        throw message.broken(
            "has values in raw_data and in field %d, allowed is one of them".formatted(dataField));
      }
      return new OnnxPayload.Raw(raw);
    }
    return data == null
        ? new OnnxPayload.Typed(type.field(), new FieldValues(kind(type.field()), 0, List.of()))
        : new OnnxPayload.Typed(dataField, data.values());
  }

  private OnnxPayload external() {
    return new OnnxPayload.External(
        external.getOrDefault("location", ""), number("offset", 0), number("length", -1));
  }

  private long number(String key, long fallback) {
    String text = external.get(key);
    if (text == null) {
      return fallback;
    }
    // ASCII digits only: native code and Java agree on nothing else.
    if (!text.matches("[0-9]{1,18}")) {
      throw message.broken(
          "has external data with the %s %s, allowed is a number of bytes"
              .formatted(key, Refusal.quote(text)));
    }
    return Long.parseLong(text);
  }

  static OnnxSparseTensor sparse(WireMessage message) {
    OnnxTensor values = null;
    OnnxTensor indices = null;
    FieldValues.Collector dims = new FieldValues.Collector(FieldValues.Kind.VARINT);
    List<ByteRange> kept = new ArrayList<>(1);
    while (message.next()) {
      switch (message.field()) {
        case 1 -> values = tensor(message.once().message("TensorProto"));
        case 2 -> indices = tensor(message.once().message("TensorProto"));
        case 3 -> dims.add(message);
        default -> message.keep(kept);
      }
    }
    if (values == null || indices == null) {
      throw message.broken("lacks its %s".formatted(values == null ? "values" : "indices"));
    }
    Shape shape = shape(message, dims.values());
    return new OnnxSparseTensor(values, indices, shape, message.range(), List.copyOf(kept));
  }

  private static Shape shape(WireMessage message, FieldValues dims) {
    WireFile file = message.file();
    if (dims.count() > MAX_RANK) {
      throw message.broken("has %d dimensions, allowed are %d".formatted(dims.count(), MAX_RANK));
    }
    FieldValues.Numbers numbers = new FieldValues.Numbers(file, dims);
    long[] sizes = new long[(int) dims.count()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = numbers.next();
      if (sizes[i] < 0) {
        throw message.broken(
            "has the size %d along axis %d, allowed is 0 or more".formatted(sizes[i], i));
      }
    }
    return Shape.of(sizes);
  }
}
