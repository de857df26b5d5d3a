package io.vivace.evaluate.metric;

import com.google.errorprone.annotations.FormatMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The checks that batches share. */
final class Rows {
  private Rows() {}

  @FormatMethod
  static void check(boolean valid, String message, Object... arguments) {
    if (!valid) {
      throw new IllegalArgumentException(message.formatted(arguments));
    }
  }

  /** Refuses a batch of nothing. */
  static void checkSize(int size) {
    check(size > 0, "a batch needs at least one row, but was empty");
  }

  static void checkLength(String name, int found, int wanted, String like) {
    check(
        found == wanted,
        "%s must have as many elements as %s, but had %,d instead of %,d",
        name,
        like,
        found,
        wanted);
  }

  /** Refuses a matrix whose flat length is not rows x columns. */
  static void checkMatrix(String name, int found, int rows, int columns) {
    check(
        found == (long) rows * columns,
        "%s must have %,d rows x %,d columns = %,d elements, but had %,d",
        name,
        rows,
        columns,
        (long) rows * columns,
        found);
  }

  static void checkClasses(int classes) {
    check(classes >= 1, "classes must be at least 1, but was %d", classes);
  }

  static void checkLabels(String name, int[] labels, int classes) {
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] < 0 || labels[row] >= classes) {
        throw new IllegalArgumentException(
            "%s holds %d in row %,d, but there are %d classes: 0 to %d"
                .formatted(name, labels[row], row, classes, classes - 1));
      }
    }
  }

  static void checkFinite(String name, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "%s must be finite, but element %,d is %s".formatted(name, i, values[i]));
      }
    }
  }

  static double[] checkWeights(double[] weights, int size) {
    checkLength("weights", weights.length, size, "the batch has rows");
    for (int row = 0; row < size; row++) {
      if (!(weights[row] >= 0 && weights[row] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "weights must be finite and at least 0, but row %,d has %s"
                .formatted(row, weights[row]));
      }
    }
    return weights;
  }

  static int[] pickLabels(int[] values, int[] rows) {
    int[] picked = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      picked[i] = values[rows[i]];
    }
    return picked;
  }

  static double @Nullable [] pickWeights(double @Nullable [] weights, int[] rows) {
    return weights == null ? null : pickRows(weights, 1, rows);
  }

  /** The weights of batches behind each other; null if none of them has any. */
  static double @Nullable [] concatenatedWeights(List<? extends Batch> batches, int size) {
    if (batches.stream().allMatch(batch -> batch.weights() == null)) {
      return null;
    }
    double[] weights = new double[size];
    int next = 0;
    for (Batch batch : batches) {
      for (int row = 0; row < batch.size(); row++) {
        weights[next++] = batch.weight(row);
      }
    }
    return weights;
  }

  static double[] pickRows(double[] values, int columns, int[] rows) {
    double[] picked = new double[Math.multiplyExact(rows.length, columns)];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(values, rows[i] * columns, picked, i * columns, columns);
    }
    return picked;
  }

  static boolean[] pickRows(boolean[] values, int columns, int[] rows) {
    boolean[] picked = new boolean[Math.multiplyExact(rows.length, columns)];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(values, rows[i] * columns, picked, i * columns, columns);
    }
    return picked;
  }
}
