package io.vivace.core.model.onnx;

import java.nio.ByteBuffer;

/**
 * Reads from a model's file what its skeleton leaves there: weights, lists of numbers and texts.
 * Not thread-safe; open one per thread.
 */
public final class OnnxData implements AutoCloseable {
  private final WireFile file;

  private OnnxData(WireFile file) {
    this.file = file;
  }

  /**
   * Opens the file of a model. It must not have changed since the skeleton was read.
   *
   * @param model the skeleton
   * @return the open file
   * @throws io.vivace.core.ModelLoadException if the file cannot be opened
   */
  public static OnnxData open(OnnxModel model) {
    return new OnnxData(WireFile.open(model.name(), model.path(), Long.MAX_VALUE));
  }

  /**
   * Reads numbers as 64-bit integers.
   *
   * @param values the numbers, of kind {@code VARINT}
   * @return one entry per number
   * @throws IllegalArgumentException if they are of another kind, or more than an array holds
   * @throws io.vivace.core.ModelLoadException if the file cannot be read
   */
  public long[] integers(FieldValues values) {
    FieldValues.Numbers numbers = numbers(values, FieldValues.Kind.VARINT);
    long[] result = new long[(int) values.count()];
    for (int i = 0; i < result.length; i++) {
      result[i] = numbers.next();
    }
    return result;
  }

  /**
   * Reads numbers as single-precision floats.
   *
   * @param values the numbers, of kind {@code FIXED32}
   * @return one entry per number
   * @throws IllegalArgumentException if they are of another kind, or more than an array holds
   * @throws io.vivace.core.ModelLoadException if the file cannot be read
   */
  public float[] floats(FieldValues values) {
    FieldValues.Numbers numbers = numbers(values, FieldValues.Kind.FIXED32);
    float[] result = new float[(int) values.count()];
    for (int i = 0; i < result.length; i++) {
      result[i] = Float.intBitsToFloat((int) numbers.next());
    }
    return result;
  }

  /**
   * Reads text.
   *
   * @param range where it lies
   * @return the text, decoded as UTF-8
   * @throws io.vivace.core.ModelLoadException if the file cannot be read, or is no UTF-8 there
   */
  public String text(ByteRange range) {
    return file.text(range);
  }

  /**
   * Reads bytes as they are.
   *
   * @param position where they start in the file, at least 0
   * @param target filled from its position to its limit
   * @throws io.vivace.core.ModelLoadException if the file cannot be read or ends before
   */
  public void read(long position, ByteBuffer target) {
    file.readFully(position, target);
  }

  private FieldValues.Numbers numbers(FieldValues values, FieldValues.Kind kind) {
    if (values.kind() != kind || values.count() > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "wanted are values of kind " + kind + " that fit an array, but they were " + values);
    }
    return new FieldValues.Numbers(file, values);
  }

  /** Closes the file. May be called twice. */
  @Override
  public void close() {
    file.close();
  }
}
