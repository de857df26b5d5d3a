package io.vivace.core.model.onnx;

import io.vivace.core.model.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code ValueInfoProto}, {@code TypeProto} and {@code TensorShapeProto}. */
final class TypeReader {
  /** Sequences of sequences of maps: three levels are all that operators know. */
  private static final int DEEPEST_TYPE = 8;

  private static final OnnxType OTHER = new OnnxType.Other();

  private TypeReader() {}

  static OnnxValue value(WireMessage message) {
    String name = "";
    OnnxType type = OTHER;
    List<ByteRange> kept = new ArrayList<>(1);
    while (message.next()) {
      switch (message.field()) {
        case 1 -> name = message.once().text();
        case 2 -> type = type(message.once().message("TypeProto"), 0);
        default -> message.keep(kept);
      }
    }
    return new OnnxValue(name, type, message.range(), List.copyOf(kept));
  }

  static OnnxElementType elementType(WireMessage message) {
    int number = message.int32();
    return OnnxElementType.of(number)
        .orElseThrow(
            () -> message.broken("has the element type %d, allowed is 0 to 28".formatted(number)));
  }

  /** Walks over a type that is an attribute's value, so that no type is nested too deep. */
  static void check(WireMessage message) {
    type(message, 0);
  }

  private static OnnxType type(WireMessage message, int depth) {
    if (depth > DEEPEST_TYPE) {
      throw message.broken("has types nested more than %d deep".formatted(DEEPEST_TYPE));
    }
    OnnxType type = null;
    while (message.next()) {
      OnnxType next =
          switch (message.field()) {
            case 1 -> tensor(message.message("TypeProto.Tensor"), false);
            case 4 -> new OnnxType.Sequence(element(message, "Sequence", depth));
            case 5 -> map(message.message("TypeProto.Map"), depth);
            case 7 -> OTHER;
            case 8 -> tensor(message.message("TypeProto.SparseTensor"), true);
            case 9 -> new OnnxType.Optional(element(message, "Optional", depth));
            default -> null;
          };
      if (type != null && next != null) {
        throw message.broken("has two types, allowed is one");
      }
      type = next == null ? type : next;
    }
    return type == null ? OTHER : type;
  }

  private static OnnxType element(WireMessage parent, String kind, int depth) {
    WireMessage message = parent.message("TypeProto." + kind);
    OnnxType element = OTHER;
    while (message.next()) {
      if (message.field() == 1) {
        element = type(message.once().message("TypeProto"), depth + 1);
      }
    }
    return element;
  }

  private static OnnxType map(WireMessage message, int depth) {
    OnnxElementType key = OnnxElementType.UNDEFINED;
    OnnxType value = OTHER;
    while (message.next()) {
      switch (message.field()) {
        case 1 -> key = elementType(message.once());
        case 2 -> value = type(message.once().message("TypeProto"), depth + 1);
        default -> {}
      }
    }
    return new OnnxType.Map(key, value);
  }

  private static OnnxType tensor(WireMessage message, boolean sparse) {
    OnnxElementType type = OnnxElementType.UNDEFINED;
    @Nullable List<OnnxDimension> shape = null;
    while (message.next()) {
      switch (message.field()) {
        case 1 -> type = elementType(message.once());
        case 2 -> shape = shape(message.once().message("TensorShapeProto"));
        default -> {}
      }
    }
    return new OnnxType.Tensor(type, shape, sparse);
  }

  private static List<OnnxDimension> shape(WireMessage message) {
    List<OnnxDimension> dimensions = new ArrayList<>();
    while (message.next()) {
      if (message.field() == 1) {
        dimensions.add(dimension(message.message("Dimension")));
      }
    }
    return List.copyOf(dimensions);
  }

  /** Size and symbol exclude each other; as in protobuf, the later one counts. */
  private static OnnxDimension dimension(WireMessage message) {
    OnnxDimension dimension = OnnxDimension.UNKNOWN;
    while (message.next()) {
      switch (message.field()) {
        case 1 -> dimension = new OnnxDimension(Math.max(Shape.ANY, message.once().integer()), "");
        case 2 -> dimension = new OnnxDimension(Shape.ANY, message.once().text());
        default -> {}
      }
    }
    return dimension;
  }
}
