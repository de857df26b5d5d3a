package io.vivace.optimize.train.features;

import java.util.Arrays;

/** Arrays of rows. */
final class Matrices {
  private Matrices() {}

  static double[][] copy(double[][] rows) {
    return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
  }
}
