package io.vivace.optimize.train.features;

import java.util.ArrayList;
import java.util.List;

/** Training examples as one array, row by row, all of them finite. */
final class FeatureMatrix {
  private final double[] values;
  private final int rows;
  private final int columns;

  private FeatureMatrix(double[] values, int rows, int columns) {
    this.values = values;
    this.rows = rows;
    this.columns = columns;
  }

  static FeatureMatrix of(Iterable<double[]> training) {
    List<double[]> examples = new ArrayList<>();
    training.forEach(examples::add);
    if (examples.isEmpty()) {
      throw new IllegalArgumentException(
          "there must be at least one training example, but is none");
    }
    int columns = examples.get(0).length;
    if (columns == 0) {
      throw new IllegalArgumentException("an example must have at least one feature, but has none");
    }
    if ((long) examples.size() * columns > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "%,d examples of %,d features do not fit into one array: take fewer"
              .formatted(examples.size(), columns));
    }
    double[] values = new double[examples.size() * columns];
    for (int row = 0; row < examples.size(); row++) {
      requireRow(examples.get(row), row, columns);
      System.arraycopy(examples.get(row), 0, values, row * columns, columns);
    }
    return new FeatureMatrix(values, examples.size(), columns);
  }

  /** Checks an example that stands beside others of so many features. */
  static void requireRow(double[] example, int row, int columns) {
    if (example.length != columns) {
      throw new IllegalArgumentException(
          "example %d has %d features, but example 0 has %d"
              .formatted(row, example.length, columns));
    }
    for (int column = 0; column < columns; column++) {
      if (!Double.isFinite(example[column])) {
        throw new IllegalArgumentException(
            "feature %d of example %d is %s: %s"
                .formatted(
                    column,
                    row,
                    example[column],
                    Double.isNaN(example[column])
                        ? "impute missing values first, or drop such examples"
                        : "values must be finite"));
      }
    }
  }

  double[] values() {
    return values;
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  double get(int row, int column) {
    return values[row * columns + column];
  }

  double[] row(int row) {
    return java.util.Arrays.copyOfRange(values, row * columns, (row + 1) * columns);
  }

  /** Whether all rows are equal. */
  boolean isConstant() {
    for (int i = columns; i < values.length; i++) {
      if (values[i] != values[i - columns]) {
        return false;
      }
    }
    return true;
  }

  double[] mean() {
    double[] mean = new double[columns];
    for (int i = 0; i < values.length; i++) {
      mean[i % columns] += values[i];
    }
    for (int column = 0; column < columns; column++) {
      mean[column] /= rows;
    }
    return mean;
  }

  /** The mean over the features of the population's variance. */
  double meanVariance() {
    double[] mean = mean();
    double squares = 0;
    for (int i = 0; i < values.length; i++) {
      double difference = values[i] - mean[i % columns];
      squares += difference * difference;
    }
    return squares / values.length;
  }
}
