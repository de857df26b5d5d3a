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
