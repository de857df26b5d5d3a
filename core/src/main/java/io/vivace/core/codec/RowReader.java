package io.vivace.core.codec;

import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;

/**
 * Reads one row of one output, straight from the engine's memory. Valid only while the row is
 * decoded.
 *
 * <p>Elements are numbered from 0 in row-major order. {@link #getFloat} and {@link #getDouble} read
 * any numeric type ({@link ElementType#UINT8} as 0 to 255, {@link ElementType#BOOL} as 0 or 1);
 * {@link #getLong} reads whole numbers only.
 */
public interface RowReader {
  /**
   * Returns the element type.
   *
   * @return the type
   */
  ElementType type();

  /**
   * Returns the shape of the row.
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
   * Reads one element.
   *
   * @param index from 0 to {@code size() - 1}
   * @return the value, rounded to nearest where it does not fit exactly
   * @throws IllegalStateException if the output holds text
   */
  float getFloat(int index);

  /**
   * Reads one element.
   *
   * @param index from 0 to {@code size() - 1}
   * @return the value, rounded to nearest where it does not fit exactly
   * @throws IllegalStateException if the output holds text
   */
  double getDouble(int index);

  /**
   * Reads one whole number.
   *
   * @param index from 0 to {@code size() - 1}
   * @return the value
   * @throws IllegalStateException if the output holds floating-point numbers or text
   */
  long getLong(int index);

  /**
   * Reads one text.
   *
   * @param index from 0 to {@code size() - 1}
   * @return the text
   * @throws IllegalStateException if the output does not hold text
   */
  String getString(int index);

  /**
   * Copies elements into an array.
   *
   * @param from the first element to copy
   * @param target where to; its length says how many
   * @throws IllegalStateException if the output holds text
   */
  void copyTo(int from, float[] target);

  /**
   * Copies the row.
   *
   * @return a new array of {@link #size()} elements
   * @throws IllegalStateException if the output holds text
   */
  float[] toFloats();

  /**
   * Copies the row.
   *
   * @return a new array of {@link #size()} elements
   * @throws IllegalStateException if the output holds text
   */
  double[] toDoubles();

  /**
   * Copies the row of whole numbers.
   *
   * @return a new array of {@link #size()} elements
   * @throws IllegalStateException if the output holds floating-point numbers or text
   */
  long[] toLongs();
}
