package io.vivace.optimize.pack;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * The distinct elements of a tensor as bit patterns, so that a packed tensor is the same to the
 * last bit: the zero first, then by size of the pattern.
 */
final class Palette {
  /** More need codes of more than 16 bits. */
  private static final int MOST = 1 << 16;

  private final long[] patterns;
  private final int elementBytes;
  private final boolean zero;

  private Palette(long[] patterns, int elementBytes, boolean zero) {
    this.patterns = patterns;
    this.elementBytes = elementBytes;
    this.zero = zero;
  }

  /**
   * Reads a tensor. The palette is empty where it would not pay: of more than 65,536 different
   * elements, or where it takes more than the codes save.
   */
  static Palette of(byte[] tensor, int elementBytes) {
    Set<Long> found = new HashSet<>();
    ByteBuffer bytes = ByteBuffer.wrap(tensor).order(ByteOrder.LITTLE_ENDIAN);
    long last = -1;
    boolean any = false;
    boolean zero = false;
    boolean many = false;
    long nonZeros = 0;
    for (int at = 0; at < tensor.length; at += elementBytes) {
      long pattern = pattern(bytes, at, elementBytes);
      zero |= pattern == 0;
      nonZeros += pattern == 0 ? 0 : 1;
      if (!many && !(any && pattern == last) && pattern != 0) {
        found.add(pattern);
        many = found.size() > MOST;
      }
      last = pattern;
      any = true;
    }
    found.add(0L);
    long[] sorted = found.stream().mapToLong(Long::longValue).sorted().toArray();
    Palette palette = new Palette(zeroFirst(sorted, zero), elementBytes, zero);
    double saved = nonZeros * (elementBytes - palette.codeBits() / (double) Byte.SIZE);
    boolean pays = !many && (double) palette.size() * elementBytes < saved;
    return pays ? palette : new Palette(new long[0], elementBytes, zero);
  }

  private static long[] zeroFirst(long[] sorted, boolean zero) {
    long[] result = Arrays.stream(sorted).filter(pattern -> pattern != 0).toArray();
    if (!zero) {
      return result;
    }
    long[] more = new long[result.length + 1];
    System.arraycopy(result, 0, more, 1, result.length);
    return more;
  }

  static long pattern(ByteBuffer bytes, int at, int elementBytes) {
    return switch (elementBytes) {
      case 1 -> Byte.toUnsignedLong(bytes.get(at));
      case 2 -> Short.toUnsignedLong(bytes.getShort(at));
      case 4 -> Integer.toUnsignedLong(bytes.getInt(at));
      default -> bytes.getLong(at);
    };
  }

  boolean isKnown() {
    return patterns.length > 0;
  }

  /** Whether an element of the tensor is 0; then its code is 0, too. */
  boolean hasZero() {
    return zero;
  }

  int size() {
    return patterns.length;
  }

  /** Bits of a code: 1, 2, 4, 8, 16, or those of the element where there are too many. */
  int codeBits() {
    int elementBits = elementBytes * Byte.SIZE;
    if (!isKnown()) {
      return elementBits;
    }
    for (int bits = 1; bits <= Short.SIZE && bits < elementBits; bits *= 2) {
      if (patterns.length <= 1 << bits) {
        return bits;
      }
    }
    return elementBits;
  }

  int code(long pattern) {
    if (pattern == 0) {
      return 0;
    }
    int from = zero ? 1 : 0;
    int at = Arrays.binarySearch(patterns, from, patterns.length, pattern);
    if (at < 0) {
      throw new IllegalStateException("pattern " + pattern + " is not in the palette");
    }
    return at;
  }

  /** The elements by their codes. */
  byte[] values() {
    byte[] values = new byte[patterns.length * elementBytes];
    ByteBuffer bytes = ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN);
    for (long pattern : patterns) {
      put(bytes, pattern, elementBytes);
    }
    return values;
  }

  static void put(ByteBuffer bytes, long pattern, int elementBytes) {
    switch (elementBytes) {
      case 1 -> bytes.put((byte) pattern);
      case 2 -> bytes.putShort((short) pattern);
      case 4 -> bytes.putInt((int) pattern);
      default -> bytes.putLong(pattern);
    }
  }
}
