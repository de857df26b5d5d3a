package io.vivace.core.model.coding;

import java.util.zip.DataFormatException;

/** Reads what {@link BitWriter} wrote. */
final class BitReader implements BitCoder {
  private final byte[] bytes;
  private int at;
  private long low;
  private long high = 0xFFFFFFFFL;
  private long value;

  BitReader(byte[] bytes, int from) {
    this.bytes = bytes;
    this.at = from;
    for (int i = 0; i < Integer.BYTES; i++) {
      value = (value << Byte.SIZE) | next();
    }
  }

  static long middle(long low, long high, int probability) {
    return low + (((high - low) * probability) >>> 16);
  }

  @Override
  public int code(int ignored, int probability) throws DataFormatException {
    long middle = middle(low, high, probability);
    int bit = value <= middle ? 1 : 0;
    if (bit == 1) {
      high = middle;
    } else {
      low = middle + 1;
    }
    while ((low ^ high) >>> 24 == 0) {
      low = (low << Byte.SIZE) & 0xFFFFFFFFL;
      high = ((high << Byte.SIZE) & 0xFFFFFFFFL) | 0xFF;
      value = ((value << Byte.SIZE) & 0xFFFFFFFFL) | next();
    }
    if (at > bytes.length + Integer.BYTES) {
      throw new DataFormatException("it ends before all bits are read");
    }
    return bit;
  }

  /** The writer leaves zeros at the end away. */
  private int next() {
    int next = at < bytes.length ? bytes[at] & 0xFF : 0;
    at++;
    return next;
  }

  /** Whether all bytes were needed. */
  boolean isAtEnd() {
    return at >= bytes.length;
  }
}
