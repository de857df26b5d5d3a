package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Arrays in the bytes of a state, each after its length. */
final class Stored {
  private Stored() {}

  static void writeLongs(DataOutputStream out, long[] values) throws IOException {
    out.writeInt(values.length);
    for (long value : values) {
      out.writeLong(value);
    }
  }

  static void writeDoubles(DataOutputStream out, double[] values, int length) throws IOException {
    out.writeInt(length);
    for (int i = 0; i < length; i++) {
      out.writeDouble(values[i]);
    }
  }

  /** Writes weights or that there are none; they are read back as a boolean and numbers. */
  static void writeWeights(DataOutputStream out, double @Nullable [] weights) throws IOException {
    out.writeBoolean(weights != null);
    if (weights != null) {
      writeDoubles(out, weights, weights.length);
    }
  }

  static void writeInts(DataOutputStream out, int[] values, int length) throws IOException {
    out.writeInt(length);
    for (int i = 0; i < length; i++) {
      out.writeInt(values[i]);
    }
  }

  static void writeBooleans(DataOutputStream out, boolean[] values) throws IOException {
    out.writeInt(values.length);
    for (boolean value : values) {
      out.writeBoolean(value);
    }
  }

  static long[] readLongs(DataInputStream in) throws IOException {
    long[] values = new long[length(in, Long.BYTES)];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readLong();
    }
    return values;
  }

  static double[] readDoubles(DataInputStream in) throws IOException {
    double[] values = new double[length(in, Double.BYTES)];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readDouble();
    }
    return values;
  }

  static int[] readInts(DataInputStream in) throws IOException {
    int[] values = new int[length(in, Integer.BYTES)];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readInt();
    }
    return values;
  }

  static boolean[] readBooleans(DataInputStream in) throws IOException {
    boolean[] values = new boolean[length(in, 1)];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readBoolean();
    }
    return values;
  }

  /** A length that the bytes left can hold. */
  private static int length(DataInputStream in, int bytes) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      throw new IllegalArgumentException("a stored array has the length " + length);
    }
    if ((long) length * bytes > in.available()) {
      throw new EOFException();
    }
    return length;
  }
}
