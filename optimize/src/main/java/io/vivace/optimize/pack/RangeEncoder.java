package io.vivace.optimize.pack;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Codes bytes by how often each value occurs: the counterpart of the decoder in {@code
 * io.vivace.core.model}, where the format is described.
 */
final class RangeEncoder {
  private static final int BITS = 12;
  private static final int SUM = 1 << BITS;
  private static final int VALUES = 256;
  private static final int STATES = 4;
  private static final long LOWEST = 1L << 16;

  private RangeEncoder() {}

  static byte[] encode(byte[] plain, int from, int length) {
    int[] counts = new int[VALUES];
    for (int i = from; i < from + length; i++) {
      counts[plain[i] & 0xFF]++;
    }
    int[] frequencies = scaled(counts, length);
    int[] sums = new int[VALUES];
    for (int value = 1; value < VALUES; value++) {
      sums[value] = sums[value - 1] + frequencies[value - 1];
    }
    // Filled from the end: what is coded last is decoded first.
    byte[] words = new byte[2 * length + 2];
    int at = words.length;
    long[] states = {LOWEST, LOWEST, LOWEST, LOWEST};
    for (int i = length - 1; i >= 0; i--) {
      int value = plain[from + i] & 0xFF;
      long state = states[i % STATES];
      if (state >= (long) frequencies[value] << (2 * Short.SIZE - BITS)) {
        words[--at] = (byte) (state >>> Byte.SIZE);
        words[--at] = (byte) state;
        state >>>= Short.SIZE;
      }
      states[i % STATES] =
          ((state / frequencies[value]) << BITS) + state % frequencies[value] + sums[value];
    }
    return joined(frequencies, states, words, at);
  }

  private static byte[] joined(int[] frequencies, long[] states, byte[] words, int at) {
    int present = 0;
    byte[] bitmap = new byte[VALUES / Byte.SIZE];
    for (int value = 0; value < VALUES; value++) {
      if (frequencies[value] > 0) {
        bitmap[value / Byte.SIZE] |= (byte) (1 << (value % Byte.SIZE));
        present++;
      }
    }
    int length = bitmap.length + present * Short.BYTES + STATES * Integer.BYTES + words.length - at;
    byte[] joined = new byte[length];
    ByteBuffer result = ByteBuffer.wrap(joined).order(ByteOrder.LITTLE_ENDIAN).put(bitmap);
    for (int frequency : frequencies) {
      if (frequency > 0) {
        result.putShort((short) frequency);
      }
    }
    for (long state : states) {
      result.putInt((int) state);
    }
    result.put(words, at, words.length - at);
    return joined;
  }

  /** Counts scaled to sum to 4,096, none of what occurs to 0; the largest take the rest. */
  private static int[] scaled(int[] counts, int length) {
    int[] frequencies = new int[VALUES];
    int rest = SUM;
    for (int value = 0; value < VALUES; value++) {
      if (counts[value] > 0) {
        frequencies[value] = (int) Math.max(1, (long) counts[value] * SUM / length);
        rest -= frequencies[value];
      }
    }
    while (rest != 0) {
      int largest = 0;
      for (int value = 1; value < VALUES; value++) {
        largest = frequencies[value] > frequencies[largest] ? value : largest;
      }
      int step = rest > 0 ? rest : Math.max(rest, -(frequencies[largest] / 2));
      frequencies[largest] += step;
      rest -= step;
    }
    return frequencies;
  }
}
