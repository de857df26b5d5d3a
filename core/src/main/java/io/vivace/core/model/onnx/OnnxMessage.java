package io.vivace.core.model.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A protobuf message that is put together field by field; the inverse of reading a skeleton. Small
 * fields are kept in memory, contents by reference. Numbers of fields are those of {@code
 * onnx.proto3}. Not thread-safe.
 */
public final class OnnxMessage {
  private static final int HIGHEST_FIELD = (1 << 29) - 1;

  private final List<OnnxContent> parts = new ArrayList<>();
  private final ByteArrayOutputStream tail = new ByteArrayOutputStream(64);

  /** Starts an empty message. */
  public OnnxMessage() {}

  /**
   * Appends an integer; also if it is 0.
   *
   * @param field number of the field
   * @param value the value
   * @return this message
   */
  public OnnxMessage integer(int field, long value) {
    tag(field, WireMessage.VARINT);
    varint(tail, value);
    return this;
  }

  /**
   * Appends a float; also if it is 0.
   *
   * @param field number of the field
   * @param value the value
   * @return this message
   */
  public OnnxMessage float32(int field, float value) {
    tag(field, WireMessage.FIXED32);
    int bits = Float.floatToRawIntBits(value);
    for (int i = 0; i < Float.BYTES; i++) {
      tail.write(bits >>> (Byte.SIZE * i));
    }
    return this;
  }

  /**
   * Appends text; also if it is empty.
   *
   * @param field number of the field
   * @param value the text
   * @return this message
   */
  public OnnxMessage text(int field, String value) {
    return bytes(field, OnnxContent.of(value.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Appends a list of integers, packed; nothing if it is empty.
   *
   * @param field number of the field
   * @param values the values
   * @return this message
   */
  public OnnxMessage integers(int field, long... values) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    for (long value : values) {
      varint(packed, value);
    }
    return values.length == 0 ? this : bytes(field, OnnxContent.of(packed.toByteArray()));
  }

  /**
   * Appends a list of floats, packed; nothing if it is empty.
   *
   * @param field number of the field
   * @param values the values
   * @return this message
   */
  public OnnxMessage floats(int field, float... values) {
    byte[] packed = new byte[Math.multiplyExact(values.length, Float.BYTES)];
    ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return values.length == 0 ? this : bytes(field, OnnxContent.of(packed));
  }

  /**
   * Appends bytes, text or a message that is already encoded.
   *
   * @param field number of the field
   * @param value the value, without tag and length
   * @return this message
   */
  public OnnxMessage bytes(int field, OnnxContent value) {
    tag(field, WireMessage.BYTES);
    varint(tail, value.length());
    return fields(value);
  }

  /**
   * Appends a message within this one.
   *
   * @param field number of the field
   * @param value the message; it must not be changed any more
   * @return this message
   */
  public OnnxMessage message(int field, OnnxMessage value) {
    return bytes(field, value.content());
  }

  /**
   * Appends whole fields as they are, for example those that a skeleton keeps without interpreting
   * them.
   *
   * @param encoded the fields with their tags
   * @return this message
   */
  public OnnxMessage fields(OnnxContent encoded) {
    if (encoded instanceof MemoryContent memory) {
      tail.writeBytes(memory.array());
    } else if (encoded.length() > 0) {
      flush();
      parts.add(encoded);
    }
    return this;
  }

  /**
   * Returns the encoded message.
   *
   * @return its bytes, without tag and length
   */
  public OnnxContent content() {
    flush();
    return OnnxContent.concat(parts);
  }

  private void flush() {
    if (tail.size() > 0) {
      parts.add(OnnxContent.of(tail.toByteArray()));
      tail.reset();
    }
  }

  private void tag(int field, int wireType) {
    if (field < 1 || field > HIGHEST_FIELD) {
      throw new IllegalArgumentException(
          "a field's number must be 1 to " + HIGHEST_FIELD + ", but was " + field);
    }
    varint(tail, ((long) field << 3) | wireType);
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long left = value;
    while ((left & ~0x7FL) != 0) {
      out.write((int) (left & 0x7F) | 0x80);
      left >>>= 7;
    }
    out.write((int) left);
  }
}
