package io.vivace.core.model.onnx;

import com.google.protobuf.WireFormat;
import io.vivace.core.ModelLoadException;
import java.util.List;

/**
 * Walks over the fields of one protobuf message in a file.
 *
 * <p>Stricter than protobuf where leniency would let native code see something else than what was
 * checked: a known field of another wire type, a singular field that occurs twice (and would be
 * merged), groups and overlong numbers are errors.
 */
final class WireMessage {
  static final int VARINT = WireFormat.WIRETYPE_VARINT;
  static final int FIXED64 = WireFormat.WIRETYPE_FIXED64;
  static final int BYTES = WireFormat.WIRETYPE_LENGTH_DELIMITED;
  static final int FIXED32 = WireFormat.WIRETYPE_FIXED32;

  private final WireFile file;
  private final WireCursor cursor;
  private long fieldStart;
  private int field;
  private int wireType;
  private long number;
  private ByteRange content;
  private long seen;

  /**
   * Starts before the first field.
   *
   * @param type the kind of message, for errors
   * @param range the message without its own tag and length
   */
  WireMessage(WireFile file, String type, ByteRange range) {
    this.file = file;
    this.cursor = new WireCursor(file, type, range);
    this.content = range;
  }

  WireFile file() {
    return file;
  }

  /** The bytes of the whole message, without its own tag and length. */
  ByteRange range() {
    return cursor.range();
  }

  /** Steps to the next field, if there is one. */
  boolean next() {
    if (cursor.atEnd()) {
      return false;
    }
    fieldStart = cursor.position();
    long tag = cursor.varint();
    field = WireFormat.getTagFieldNumber((int) tag);
    wireType = WireFormat.getTagWireType((int) tag);
    if (tag >>> Integer.SIZE != 0 || field == 0) {
      throw broken("has the field tag 0x%x, which protobuf does not know".formatted(tag));
    }
    switch (wireType) {
      case VARINT -> number = cursor.varint();
      case FIXED64 -> number = cursor.fixed(Long.BYTES);
      case BYTES -> content = cursor.step(cursor.varint());
      case FIXED32 -> number = cursor.fixed(Integer.BYTES);
      default ->
          throw broken(
              "has field %d with wire type %d, allowed is 0, 1, 2 or 5".formatted(field, wireType));
    }
    return true;
  }

  int field() {
    return field;
  }

  int wireType() {
    return wireType;
  }

  /** The current field with its tag. */
  ByteRange fieldRange() {
    return new ByteRange(fieldStart, cursor.position() - fieldStart);
  }

  /** Requires that the current field, which must not repeat, is met for the first time. */
  WireMessage once() {
    long bit = 1L << field;
    if ((seen & bit) != 0) {
      throw broken("has field %d twice, allowed is once".formatted(field));
    }
    seen |= bit;
    return this;
  }

  long integer() {
    expect(VARINT);
    return number;
  }

  /** Takes the low 32 bits, as protobuf does. */
  int int32() {
    return (int) integer();
  }

  float float32() {
    expect(FIXED32);
    return Float.intBitsToFloat((int) number);
  }

  ByteRange bytes() {
    expect(BYTES);
    return content;
  }

  String text() {
    file.charge(1);
    return file.text(bytes());
  }

  WireMessage message(String type) {
    file.charge(1);
    return new WireMessage(file, type, bytes());
  }

  /** A cursor over the numbers of a packed field. */
  WireCursor packed() {
    return new WireCursor(file, "packed field " + field, bytes());
  }

  /** The current field's number as its 64 bits; for {@link #FIXED32} the upper half is 0. */
  long bits() {
    return number;
  }

  /** Keeps a field that is not interpreted, for whoever writes the message again. */
  void keep(List<ByteRange> kept) {
    if (ByteRange.append(kept, fieldRange())) {
      file.charge(1);
    }
  }

  void expect(int wanted) {
    if (wireType != wanted) {
      throw broken(
          "has field %d with wire type %d, wanted is %d".formatted(field, wireType, wanted));
    }
  }

  ModelLoadException broken(String problem) {
    return cursor.broken(problem);
  }
}
