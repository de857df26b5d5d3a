package io.vivace.core.model.coding;

import java.io.ByteArrayOutputStream;

/** Arithmetic coding of bits (Witten, Neal and Cleary, 1987), with an interval of 32 bits. */
final class BitWriter implements BitCoder {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long low;
  private long high = 0xFFFFFFFFL;

  @Override
  public int code(int bit, int probability) {
    long middle = BitReader.middle(low, high, probability);
    if (bit == 1) {
      high = middle;
    } else {
      low = middle + 1;
    }
    while ((low ^ high) >>> 24 == 0) {
      bytes.write((int) (high >>> 24));
      low = (low << Byte.SIZE) & 0xFFFFFFFFL;
      high = ((high << Byte.SIZE) & 0xFFFFFFFFL) | 0xFF;
    }
    return bit;
  }

  /** What was written; a reader takes what follows for zeros. */
  byte[] finish() {
    // The fewest bytes that with zeros behind them lie in the interval.
    for (int kept = 0; kept <= Integer.BYTES; kept++) {
      long unit = 1L << (Integer.SIZE - kept * Byte.SIZE);
      long value = (low + unit - 1) / unit * unit;
      if (value <= high) {
        for (int i = 0; i < kept; i++) {
          bytes.write((int) (value >>> (Integer.SIZE - (i + 1) * Byte.SIZE)));
        }
        break;
      }
    }
    return bytes.toByteArray();
  }
}
