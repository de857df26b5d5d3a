package io.vivace.optimize.pack;

import io.vivace.core.model.coding.ContextCoding;
import io.vivace.core.model.coding.Stretch;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;

/** A stretch of a file, coded by the method that makes it shortest. */
final class Section {
  private static final int STORED = 0;
  private static final int DEFLATED = 1;
  private static final int RANGE = 2;
  private static final int CONTEXT = 3;

  private final int method;
  private final int plainLength;
  private final byte[] coded;

  private Section(int method, int plainLength, byte[] coded) {
    this.method = method;
    this.plainLength = plainLength;
    this.coded = coded;
  }

  static Section stored(byte[] plain) {
    return new Section(STORED, plain.length, plain);
  }

  static Section of(byte[] plain) {
    Section best = stored(plain);
    byte[] range = RangeEncoder.encode(plain, 0, plain.length);
    if (range.length < best.coded.length) {
      best = new Section(RANGE, plain.length, range);
    }
    byte[] deflated = deflated(plain);
    return deflated.length < best.coded.length
        ? new Section(DEFLATED, plain.length, deflated)
        : best;
  }

  /** The whole of a small file. */
  static Section ofContexts(byte[] plain, List<Stretch> stretches) {
    return new Section(CONTEXT, plain.length, ContextCoding.encode(plain, stretches));
  }

  private static byte[] deflated(byte[] plain) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      deflater.setInput(plain);
      deflater.finish();
      byte[] result = new byte[plain.length];
      int length = deflater.deflate(result);
      return deflater.finished() ? Arrays.copyOf(result, length) : plain;
    } finally {
      deflater.end();
    }
  }

  int method() {
    return method;
  }

  int plainLength() {
    return plainLength;
  }

  /** Not copied. */
  byte[] coded() {
    return coded;
  }
}
