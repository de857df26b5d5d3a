package io.vivace.core.model.onnx;

/**
 * A stretch of a file.
 *
 * @param offset position of the first byte, from 0
 * @param length number of bytes, at least 0
 */
public record ByteRange(long offset, long length) {
  /**
   * Checks both numbers.
   *
   * @param offset position of the first byte, from 0
   * @param length number of bytes, at least 0
   * @throws IllegalArgumentException if a number is negative or the end does not fit a {@code long}
   */
  public ByteRange {
    if (offset < 0 || length < 0 || offset + length < 0) {
      throw new IllegalArgumentException(
          "a range needs offset and length of at least 0, but was " + offset + " + " + length);
    }
  }

  /**
   * Returns the position after the last byte.
   *
   * @return {@code offset + length}
   */
  public long end() {
    return offset + length;
  }

  /**
   * Where a part of the stretch begins, counted from where the offset is; refuses what is outside.
   */
  long position(long from, int count) {
    if (from < 0 || count > length - from) {
      throw new IllegalArgumentException(
          "wanted are %d bytes from byte %d of a content of %d".formatted(count, from, length));
    }
    return offset + from;
  }

  /**
   * Adds a range to a list, as one with the last of the list where they touch: neighbouring fields
   * become one range.
   */
  static boolean append(java.util.List<ByteRange> ranges, ByteRange next) {
    int last = ranges.size() - 1;
    if (last >= 0 && ranges.get(last).end() == next.offset) {
      ByteRange before = ranges.get(last);
      ranges.set(last, new ByteRange(before.offset, before.length + next.length));
      return false;
    }
    return ranges.add(next);
  }
}
