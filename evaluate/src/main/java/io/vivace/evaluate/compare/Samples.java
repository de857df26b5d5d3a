package io.vivace.evaluate.compare;

/** Checks what is given to tests, and the first moments. */
final class Samples {
  private Samples() {}

  /** A level or probability strictly between 0 and 1. */
  static double level(double value, String name) {
    if (!(value > 0 && value < 1)) {
      throw new IllegalArgumentException(
          "%s must be between 0 and 1, both exclusive, but was %s".formatted(name, value));
    }
    return value;
  }

  /** Refuses too few values and values that are not finite. */
  static double[] finite(double[] values, int atLeast, String name) {
    if (values.length < atLeast) {
      throw new IllegalArgumentException(
          "%s must have at least %d values, but had %d".formatted(name, atLeast, values.length));
    }
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "%s must be finite, but value %d was %s".formatted(name, i, values[i]));
      }
    }
    return values;
  }

  /** Refuses lengths that differ. */
  static void sameLength(int first, int second, String names) {
    if (first != second) {
      throw new IllegalArgumentException(
          "%s must have the same length, but had %d and %d".formatted(names, first, second));
    }
  }

  /** First minus second, pair by pair. */
  static double[] differences(double[] first, double[] second) {
    sameLength(first.length, second.length, "first and second");
    double[] differences = new double[first.length];
    for (int i = 0; i < first.length; i++) {
      differences[i] = first[i] - second[i];
    }
    return differences;
  }

  static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = sum / values.length;
    double residue = 0; // a second pass takes out the rounding of the first
    for (double value : values) {
      residue += value - mean;
    }
    return mean + residue / values.length;
  }

  /** The sample variance, over n - 1; exactly 0 where all values are equal. */
  static double variance(double[] values) {
    double mean = mean(values);
    double squares = 0;
    boolean constant = true;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
      constant &= value == values[0];
    }
    return constant ? 0 : squares / (values.length - 1);
  }
}
