package io.vivace.core.model.onnx;

import java.util.function.LongSupplier;

/** Reads the elements of a tensor of signed integers, one after the other. */
final class IntegerValues {
  private IntegerValues() {}

  /** The tensor's payload must lie in the file and have the size that its shape asks for. */
  static LongSupplier of(WireFile file, OnnxTensor tensor) {
    if (tensor.payload() instanceof OnnxPayload.Typed typed) {
      return new FieldValues.Numbers(file, typed.values())::next;
    }
    int bytes = tensor.type().bits() / Byte.SIZE;
    int unused = Long.SIZE - tensor.type().bits();
    ByteRange range = ((OnnxPayload.Raw) tensor.payload()).bytes();
    WireCursor cursor = new WireCursor(file, "raw_data", range);
    return () -> cursor.fixed(bytes) << unused >> unused;
  }
}
