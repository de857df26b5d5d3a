package io.vivace.optimize.graph;

import io.vivace.core.tensor.Float16;
import java.nio.ByteBuffer;

/** Turns the elements of a tensor into Java numbers. */
final class Elements {
  private Elements() {}

  static float[] floats(Weight weight) {
    ByteBuffer bytes = weight.read();
    float[] result = new float[count(weight)];
    switch (weight.type()) {
      case FLOAT -> bytes.asFloatBuffer().get(result);
      case FLOAT16 -> {
        for (int i = 0; i < result.length; i++) {
          result[i] = Float16.toFloat(bytes.getShort());
        }
      }
      case BFLOAT16 -> {
        for (int i = 0; i < result.length; i++) {
          result[i] = Float.intBitsToFloat(bytes.getShort() << Short.SIZE);
        }
      }
      case DOUBLE -> {
        for (int i = 0; i < result.length; i++) {
          result[i] = (float) bytes.getDouble();
        }
      }
      default -> throw wrong(weight, "a float type of 16 bits or more");
    }
    return result;
  }

  static long[] longs(Weight weight) {
    ByteBuffer bytes = weight.read();
    long[] result = new long[count(weight)];
    for (int i = 0; i < result.length; i++) {
      result[i] =
          switch (weight.type()) {
            case INT64, UINT64 -> bytes.getLong();
            case INT32 -> bytes.getInt();
            case UINT32 -> Integer.toUnsignedLong(bytes.getInt());
            case INT16 -> bytes.getShort();
            case UINT16 -> Short.toUnsignedLong(bytes.getShort());
            case INT8 -> bytes.get();
            case UINT8, BOOL -> Byte.toUnsignedLong(bytes.get());
            default -> throw wrong(weight, "an integer type of 8 bits or more");
          };
    }
    return result;
  }

  private static int count(Weight weight) {
    return Math.toIntExact(weight.shape().elements());
  }

  private static GraphException wrong(Weight weight, String allowed) {
    return new GraphException("tensor " + weight + " was read, allowed is " + allowed);
  }
}
