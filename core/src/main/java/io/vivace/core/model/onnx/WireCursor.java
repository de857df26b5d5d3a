package io.vivace.core.model.onnx;

import io.vivace.core.ModelLoadException;

/** Reads protobuf's primitive values one after the other from a stretch of a file. */
final class WireCursor {
  private static final int LONGEST_VARINT = 10;

  private final WireFile file;
  private final String owner;
  private final ByteRange range;
  private long position;

  /**
   * Starts at the beginning of a stretch.
   *
   * @param owner the kind of message it belongs to, for errors
   */
  WireCursor(WireFile file, String owner, ByteRange range) {
    this.file = file;
    this.owner = owner;
    this.range = range;
    this.position = range.offset();
  }

  ByteRange range() {
    return range;
  }

  long position() {
    return position;
  }

  boolean atEnd() {
    return position == range.end();
  }

  long varint() {
    long result = 0;
    for (int i = 0; i < LONGEST_VARINT; i++) {
      if (atEnd()) {
        throw broken("ends in the middle of a number");
      }
      int next = file.byteAt(position++);
      result |= (long) (next & 0x7F) << (7 * i);
      if (next < 0x80) {
        // The tenth byte has room for one bit only.
        if (i == LONGEST_VARINT - 1 && next > 1) {
          break;
        }
        return result;
      }
    }
    throw broken("has a number of more than 64 bits");
  }

  /** Reads a little-endian number of so many bytes. */
  long fixed(int bytes) {
    ByteRange content = step(bytes);
    long bits = 0;
    for (int i = 0; i < bytes; i++) {
      bits |= (long) file.byteAt(content.offset() + i) << (8 * i);
    }
    return bits;
  }

  /** Steps over so many bytes. */
  ByteRange step(long length) {
    long left = range.end() - position;
    if (length < 0 || length > left) {
      throw broken(
          "states a length of %s bytes where only %d are left"
              .formatted(Long.toUnsignedString(length), left));
    }
    ByteRange stepped = new ByteRange(position, length);
    position += length;
    return stepped;
  }

  ModelLoadException broken(String problem) {
    return file.refuse(
        "has a damaged part: the %s at byte %d %s".formatted(owner, range.offset(), problem));
  }
}
