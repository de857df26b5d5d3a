package io.vivace.evaluate.compare;

/**
 * The tests on five repetitions of a two-fold cross-validation.
 *
 * <p>Where all differences are 0, both give p = 1. Sources: Dietterich, "Approximate statistical
 * tests for comparing supervised classification learning algorithms", 1998 (t); Alpaydin, "Combined
 * 5x2 cv F test", 1999 (F), which uses all ten differences and so does not depend on their order.
 */
public final class FiveByTwo {
  private static final int REPETITIONS = 5;

  private final double[][] differences;

  private FiveByTwo(double[][] differences) {
    this.differences = differences;
  }

  /**
   * Takes the differences, first minus second.
   *
   * @param differences five repetitions of two folds each, finite
   * @return the tests
   * @throws IllegalArgumentException if there are not 5 times 2, or one is not finite
   */
  public static FiveByTwo of(double[][] differences) {
    if (differences.length != REPETITIONS) {
      throw new IllegalArgumentException(
          "a 5x2 test needs 5 repetitions, but got " + differences.length);
    }
    double[][] copy = new double[REPETITIONS][];
    for (int i = 0; i < REPETITIONS; i++) {
      if (differences[i].length != 2) {
        throw new IllegalArgumentException(
            "a 5x2 test needs 2 folds in each repetition, but repetition %d had %d"
                .formatted(i, differences[i].length));
      }
      copy[i] = Samples.finite(differences[i], 2, "differences of repetition " + i).clone();
    }
    return new FiveByTwo(copy);
  }

  /**
   * Dietterich's t: the first difference over the root of the mean variance, 5 degrees of freedom.
   *
   * @return the result, two-sided
   */
  public TestResult t() {
    double error = Math.sqrt(variances() / REPETITIONS);
    double t = StudentT.statistic(differences[0][0], error);
    return new TestResult("5x2cv t", t, StudentT.pValue(t, REPETITIONS, Alternative.TWO_SIDED));
  }

  /**
   * Alpaydin's F: the sum of the squared differences over twice the sum of the variances, 10 and 5
   * degrees of freedom.
   *
   * @return the result
   */
  public TestResult f() {
    double squares = 0;
    for (double[] pair : differences) {
      squares += pair[0] * pair[0] + pair[1] * pair[1];
    }
    double f = squares == 0 ? 0 : squares / (2 * variances());
    return new TestResult("5x2cv F", f, StudentT.upperTailOfF(f, 2 * REPETITIONS, REPETITIONS));
  }

  private double variances() {
    double sum = 0;
    for (double[] pair : differences) {
      double half = (pair[0] - pair[1]) / 2;
      sum += 2 * half * half;
    }
    return sum;
  }
}
