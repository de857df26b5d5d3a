package io.vivace.core.model.onnx;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Damages a file in one of the ways that files get damaged or forged: flipped bits, a cut, bytes
 * put in, bytes taken out, a number set to an extreme, a piece copied elsewhere. The same seed
 * gives the same damage.
 */
final class Mutations {
  private static final int[] EXTREMES = {0x00, 0x01, 0x7F, 0x80, 0xFF};

  /** Headers, names and lengths lie here, and weights elsewhere: most damage must not hit those. */
  private static final int EDGE = 2_048;

  private Mutations() {}

  static byte[] mutate(byte[] original, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = original.clone();
    int rounds = random.nextInt(1, 4);
    for (int i = 0; i < rounds; i++) {
      bytes = once(bytes, random);
    }
    return bytes;
  }

  private static byte[] once(byte[] bytes, SplittableRandom random) {
    if (bytes.length == 0) {
      return bytes;
    }
    int at = position(bytes.length, random);
    int length = Math.min(random.nextInt(1, 33), bytes.length - at);
    switch (random.nextInt(6)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
      case 1 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 2 -> {
        byte[] inserted = new byte[length];
        for (int i = 0; i < length; i++) {
          inserted[i] = (byte) random.nextInt(256);
        }
        return splice(bytes, at, 0, inserted);
      }
      case 3 -> {
        return splice(bytes, at, length, new byte[0]);
      }
      case 4 -> bytes[at] = (byte) EXTREMES[random.nextInt(EXTREMES.length)];
      default -> {
        return splice(
            bytes, position(bytes.length, random), 0, Arrays.copyOfRange(bytes, at, at + length));
      }
    }
    return bytes;
  }

  private static int position(int length, SplittableRandom random) {
    if (length <= 2 * EDGE || random.nextInt(4) == 0) {
      return random.nextInt(length);
    }
    int offset = random.nextInt(EDGE);
    return random.nextBoolean() ? offset : length - 1 - offset;
  }

  private static byte[] splice(byte[] bytes, int at, int removed, byte[] inserted) {
    byte[] result = new byte[bytes.length - removed + inserted.length];
    System.arraycopy(bytes, 0, result, 0, at);
    System.arraycopy(inserted, 0, result, at, inserted.length);
    System.arraycopy(
        bytes, at + removed, result, at + inserted.length, bytes.length - at - removed);
    return result;
  }
}
