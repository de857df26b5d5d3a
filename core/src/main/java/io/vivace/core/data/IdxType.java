package io.vivace.core.data;

import java.nio.ByteBuffer;

/** The element types of IDX files; numbers of more than one byte have the highest byte first. */
enum IdxType {
  UNSIGNED_BYTE(0x08, 1),
  SIGNED_BYTE(0x09, 1),
  SHORT(0x0b, 2),
  INT(0x0c, 4),
  FLOAT(0x0d, 4),
  DOUBLE(0x0e, 8);

  private final int code;
  private final int bytes;

  IdxType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** Finds the type by the first three bytes of a file: two zeros and the code. */
  static IdxType of(int start, String name) throws MalformedDataException {
    for (IdxType type : values()) {
      if (type.code == start) {
        return type;
      }
    }
    throw new MalformedDataException(
        String.format(
            "%s: an IDX file starts with the bytes 00 00 and a type of 08, 09, 0b, 0c, 0d or 0e,"
                + " but this one with %02x %02x %02x",
            name, (start >>> 16) & 0xff, (start >>> 8) & 0xff, start & 0xff));
  }

  int bytes() {
    return bytes;
  }

  boolean isWhole() {
    return this != FLOAT && this != DOUBLE;
  }

  double read(ByteBuffer content, int offset) {
    return switch (this) {
      case UNSIGNED_BYTE -> content.get(offset) & 0xff;
      case SIGNED_BYTE -> content.get(offset);
      case SHORT -> content.getShort(offset);
      case INT -> content.getInt(offset);
      case FLOAT -> content.getFloat(offset);
      case DOUBLE -> content.getDouble(offset);
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}
