package io.vivace.evaluate;

import java.lang.reflect.Array;
import java.util.List;

/** Reads numbers and arrays of numbers from truths and answers. */
final class Numbers {
  private Numbers() {}

  /** Tells whether something is a number or an array of them. */
  static boolean isNumeric(Object value) {
    return value instanceof Number || isVector(value);
  }

  static boolean isVector(Object value) {
    return value instanceof double[] || value instanceof float[];
  }

  static int length(Object value) {
    return value instanceof Number ? 1 : Array.getLength(value);
  }

  /** Copies a number, or the numbers of an array, to a place. */
  static void copy(Object value, double[] target, int offset) {
    if (value instanceof Number number) {
      target[offset] = number.doubleValue();
    } else if (value instanceof double[] doubles) {
      System.arraycopy(doubles, 0, target, offset, doubles.length);
    } else if (value instanceof float[] floats) {
      for (int i = 0; i < floats.length; i++) {
        target[offset + i] = floats[i];
      }
    }
  }

  /** Puts rows of equal length one after the other. */
  static double[] matrix(String what, List<?> rows, int columns) {
    double[] matrix = new double[Math.multiplyExact(rows.size(), columns)];
    for (int row = 0; row < rows.size(); row++) {
      Object value = rows.get(row);
      requireNumeric(what, row, value);
      if (length(value) != columns) {
        throw new IllegalArgumentException(
            String.format(
                "%s %,d must have %d numbers, but has %d", what, row, columns, length(value)));
      }
      copy(value, matrix, row * columns);
    }
    return matrix;
  }

  static double[][] rows(String what, List<?> rows) {
    double[][] result = new double[rows.size()][];
    for (int row = 0; row < result.length; row++) {
      Object value = rows.get(row);
      requireNumeric(what, row, value);
      result[row] = new double[length(value)];
      copy(value, result[row], 0);
    }
    return result;
  }

  private static void requireNumeric(String what, int row, Object value) {
    if (!isNumeric(value)) {
      throw new IllegalArgumentException(
          String.format(
              "%s %,d must be a number or an array of double or float, but is of type %s",
              what, row, value.getClass().getSimpleName()));
    }
  }
}
