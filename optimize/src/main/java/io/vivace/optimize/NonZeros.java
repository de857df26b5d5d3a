package io.vivace.optimize;

import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Weight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Counts the elements of a tensor that are not 0, piece by piece. */
final class NonZeros {
  private static final int PIECE = 1 << 16;

  private NonZeros() {}

  static long count(Weight weight) {
    OnnxContent content = weight.elements();
    ByteBuffer piece =
        ByteBuffer.allocate((int) Math.min(PIECE, content.length())).order(ByteOrder.LITTLE_ENDIAN);
    // The sign of a float does not count: -0.0 is 0.
    int shift = isFloat(weight.type()) ? 1 : 0;
    long count = 0;
    try {
      for (long from = 0; from < content.length(); from += PIECE) {
        piece.clear().limit((int) Math.min(PIECE, content.length() - from));
        content.read(from, piece);
        count += count(piece.flip(), weight.type().bits(), shift);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("tensor " + weight + " cannot be read: " + e, e);
    }
    return count;
  }

  private static boolean isFloat(OnnxElementType type) {
    return switch (type) {
      case FLOAT, FLOAT16, BFLOAT16, DOUBLE -> true;
      default -> false;
    };
  }

  private static long count(ByteBuffer piece, int bits, int shift) {
    long count = 0;
    while (piece.hasRemaining()) {
      count +=
          switch (bits) {
            case 64 -> piece.getLong() << shift == 0 ? 0 : 1;
            case 32 -> piece.getInt() << shift == 0 ? 0 : 1;
            case 16 -> (short) (piece.getShort() << shift) == 0 ? 0 : 1;
            case 4 -> nibbles(piece.get());
            default -> piece.get() == 0 ? 0 : 1;
          };
    }
    return count;
  }

  private static int nibbles(byte two) {
    return ((two & 0xF) == 0 ? 0 : 1) + ((two & 0xF0) == 0 ? 0 : 1);
  }
}
