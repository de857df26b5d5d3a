package io.vivace.core.model.coding;

import java.util.zip.DataFormatException;

/** Bytes, by those before them: one, two, three and four, and by where in a word they stand. */
final class Texts {
  private static final int HASHED = 1 << 16;
  private static final int HALF = 4;
  private static final int LIMIT = 255;
  private static final double RATE = 0.02;

  private final Mixer mixer =
      new Mixer(
          new int[] {256, 1 << 16, HASHED, HASHED, HASHED, HASHED, 32}, LIMIT, RATE, Byte.SIZE);
  private long last;
  private int position;

  int code(BitCoder coder, int value) throws DataFormatException {
    int done = 1;
    for (int i = Byte.SIZE - 1; i >= 0; i--) {
      mixer.context(0, done);
      mixer.context(1, (int) (last & 0xFF) << 8 | done);
      mixer.context(2, hash(last & 0xFFFF, done, 2));
      mixer.context(3, hash(last & 0xFFFFFF, done, 3));
      mixer.context(4, hash(last & 0xFFFFFFFFL, done, 4));
      mixer.context(5, hash((last >>> 24 & 0xFF) << 2 | (position & 3), done, 5));
      mixer.context(6, half(done, i));
      mixer.weights(i);
      done = done << 1 | mixer.code(coder, (value >> i) & 1);
    }
    int result = done & 0xFF;
    last = last << Byte.SIZE | result;
    position++;
    return result;
  }

  /** The bits of this half of the byte so far: codes of four bits lie in halves. */
  private static int half(int done, int left) {
    return left >= HALF
        ? done
        : 16 | (1 << (HALF - 1 - left)) | (done & ((1 << (HALF - 1 - left)) - 1));
  }

  private static int hash(long before, int done, int kind) {
    long mixed = (before * 512 + done + ((long) kind << 50)) * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> (Long.SIZE - 16));
  }
}
