package io.vivace.core.model;

import java.util.zip.DataFormatException;

/**
 * Decodes bytes coded by an asymmetric numeral system (Duda, 2013, "Asymmetric numeral systems",
 * the range variant). Four states take turns; a state is from 2^16 to 2^32 - 1, and is filled up
 * with 16 bits at a time. Frequencies sum to 2^12.
 *
 * <pre>{@code
 * 32 bytes           which byte values occur: bit v % 8 of byte v / 8
 * u16 per value      its frequency, 1 to 4,096
 * u32, four times    the states
 * u16 each           what fills them up, in the order in which it is needed
 * }</pre>
 *
 * <p>State of byte i: {@code i % 4}. A state x gives the value whose frequencies hold {@code x mod
 * 4096}, and becomes {@code frequency * (x / 4096) + x mod 4096 - sum of the frequencies before}.
 * At the end all states are 2^16 again.
 */
final class RangeDecoder {
  private static final int BITS = 12;
  private static final int SUM = 1 << BITS;
  private static final int VALUES = 256;
  private static final int BITMAP = VALUES / Byte.SIZE;
  private static final long LOWEST = 1L << 16;
  private static final int STATES = 4;

  private final byte[] coded;
  private int at;

  /** By the low bits of a state: value, frequency - 1 and what is to be added, 8 + 12 + 12 bits. */
  private final int[] slots = new int[SUM];

  private RangeDecoder(byte[] coded) {
    this.coded = coded;
  }

  static byte[] inflate(byte[] coded, int length) throws DataFormatException {
    RangeDecoder decoder = new RangeDecoder(coded);
    try {
      decoder.readFrequencies();
      return decoder.decode(length);
    } catch (ArrayIndexOutOfBoundsException e) {
      throw new DataFormatException("it ends before its " + length + " bytes are decoded");
    }
  }

  private void readFrequencies() throws DataFormatException {
    at = BITMAP;
    int sum = 0;
    for (int value = 0; value < VALUES; value++) {
      if (((coded[value / Byte.SIZE] >> (value % Byte.SIZE)) & 1) == 0) {
        continue;
      }
      int frequency = next16();
      if (frequency < 1 || sum + frequency > SUM) {
        throw new DataFormatException("frequencies must sum to 4096");
      }
      for (int slot = sum; slot < sum + frequency; slot++) {
        slots[slot] = (value << (2 * BITS)) | ((frequency - 1) << BITS) | (slot - sum);
      }
      sum += frequency;
    }
    if (sum != SUM) {
      throw new DataFormatException("frequencies sum to " + sum + ", wanted is 4096");
    }
  }

  private int next16() {
    int low = coded[at++] & 0xFF;
    return low | ((coded[at++] & 0xFF) << Byte.SIZE);
  }

  private byte[] decode(int length) throws DataFormatException {
    long[] states = new long[STATES];
    for (int i = 0; i < STATES; i++) {
      states[i] = next16() | ((long) next16() << Short.SIZE);
    }
    byte[] plain = new byte[length];
    long a = states[0];
    long b = states[1];
    long c = states[2];
    long d = states[3];
    int i = 0;
    for (; i + 3 < length; i += STATES) { // Independent of each other: the processor overlaps them.
      int first = slots[(int) a & (SUM - 1)];
      int second = slots[(int) b & (SUM - 1)];
      int third = slots[(int) c & (SUM - 1)];
      int fourth = slots[(int) d & (SUM - 1)];
      plain[i] = (byte) (first >>> (2 * BITS));
      plain[i + 1] = (byte) (second >>> (2 * BITS));
      plain[i + 2] = (byte) (third >>> (2 * BITS));
      plain[i + 3] = (byte) (fourth >>> (2 * BITS));
      a = filled(next(a, first));
      b = filled(next(b, second));
      c = filled(next(c, third));
      d = filled(next(d, fourth));
    }
    states = new long[] {a, b, c, d};
    for (; i < length; i++) {
      int slot = slots[(int) states[i % STATES] & (SUM - 1)];
      plain[i] = (byte) (slot >>> (2 * BITS));
      states[i % STATES] = filled(next(states[i % STATES], slot));
    }
    for (long state : states) {
      if (state != LOWEST || at != coded.length) {
        throw new DataFormatException("it does not end as it must");
      }
    }
    return plain;
  }

  private static long next(long state, int slot) {
    return (((slot >>> BITS) & (SUM - 1)) + 1) * (state >>> BITS) + (slot & (SUM - 1));
  }

  private long filled(long state) {
    return state < LOWEST ? (state << Short.SIZE) | next16() : state;
  }
}
