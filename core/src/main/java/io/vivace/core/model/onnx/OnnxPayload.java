package io.vivace.core.model.onnx;

/** Where the elements of a tensor lie. */
public sealed interface OnnxPayload {
  /**
   * In the model's file, as they lie in memory: little-endian, types of less than eight bits
   * packed.
   *
   * @param bytes where
   */
  record Raw(ByteRange bytes) implements OnnxPayload {}

  /**
   * In the model's file, as a repeated field.
   *
   * @param field the number of the field in {@code TensorProto}, for example 7 for {@code
   *     int64_data}
   * @param values where; empty for a tensor without elements
   */
  record Typed(int field, FieldValues values) implements OnnxPayload {}

  /**
   * In another file, as they lie in memory.
   *
   * @param location path relative to the model's folder, as the file states it: not checked yet
   * @param offset position of the first byte; 0 where the file states none
   * @param length number of bytes, or -1 where the file states none
   */
  record External(String location, long offset, long length) implements OnnxPayload {}
}
