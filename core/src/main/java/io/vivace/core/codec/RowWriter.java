package io.vivace.core.codec;

import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;

/**
 * Writes one row of one input, straight into the memory that the engine reads.
 *
 * <p>Elements are numbered from 0 in row-major order. Floating-point values go into any
 * floating-point input; whole numbers into any numeric one, if they lie in its range.
 */
public interface RowWriter {
  /**
   * Returns the input's element type.
   *
   * @return the model's type, which may differ from the codec's if the codec accepts it
   */
  ElementType type();

  /**
   * Returns the shape of the row in this batch: at least what the item asked for.
   *
   * @return the shape without the batch axis and without open sizes
   */
  Shape shape();

  /**
   * Returns the number of elements of the row.
   *
   * @return the product of the sizes
   */
  int size();

  /**
   * Writes one floating-point element.
   *
   * @param index from 0 to {@code size() - 1}
   * @param value the value; rounded to nearest, ties to even, where the input is narrower
   * @throws IllegalStateException if the input does not hold floating-point numbers
   */
  void putFloat(int index, float value);

  /**
   * Writes one floating-point element.
   *
   * @param index from 0 to {@code size() - 1}
   * @param value the value; rounded to nearest, ties to even, where the input is narrower, and into
   *     {@link ElementType#FLOAT16} by way of {@link ElementType#FLOAT32}
   * @throws IllegalStateException if the input does not hold floating-point numbers
   */
  void putDouble(int index, double value);

  /**
   * Writes one whole number.
   *
   * @param index from 0 to {@code size() - 1}
   * @param value the value; 0 or 1 for {@link ElementType#BOOL}
   * @throws io.vivace.core.InvalidInputException if the value is outside the input's range
   * @throws IllegalStateException if the input holds text
   */
  void putLong(int index, long value);

  /**
   * Writes one text.
   *
   * @param index from 0 to {@code size() - 1}
   * @param value the text
   * @throws IllegalStateException if the input does not hold text
   */
  void putString(int index, String value);

  /**
   * Writes elements from the start of the row.
   *
   * @param values the values, at most {@link #size()}
   * @throws IllegalStateException if the input does not hold floating-point numbers
   */
  void putFloats(float[] values);

  /**
   * Writes elements from the start of the row.
   *
   * @param values the values, at most {@link #size()}
   * @throws IllegalStateException if the input does not hold floating-point numbers
   */
  void putDoubles(double[] values);

  /**
   * Writes elements from the start of the row.
   *
   * @param values the values, at most {@link #size()}
   * @throws io.vivace.core.InvalidInputException if a value is outside the input's range
   * @throws IllegalStateException if the input holds text
   */
  void putInts(int[] values);

  /**
   * Writes elements from the start of the row.
   *
   * @param values the values, at most {@link #size()}
   * @throws io.vivace.core.InvalidInputException if a value is outside the input's range
   * @throws IllegalStateException if the input holds text
   */
  void putLongs(long[] values);

  /**
   * Writes raw one-byte elements from the start of the row, for {@link ElementType#INT8} and {@link
   * ElementType#UINT8}.
   *
   * @param values the values, at most {@link #size()}
   * @throws IllegalStateException if the input holds another type
   */
  void putBytes(byte[] values);

  /**
   * Writes the same whole number into a range, as padding does.
   *
   * @param from the first element
   * @param to one after the last element
   * @param value the value
   */
  default void fill(int from, int to, long value) {
    for (int i = from; i < to; i++) {
      putLong(i, value);
    }
  }
}
