package io.vivace.evaluate.compare;

import java.util.Objects;

/**
 * What a test found.
 *
 * @param test the name of the test and of its variant
 * @param statistic the test's statistic; may be infinite where differences do not spread at all
 * @param pValue how likely a statistic at least as extreme is where there is no difference, in [0,
 *     1]
 */
public record TestResult(String test, double statistic, double pValue) {
  /**
   * Checks the p-value.
   *
   * @param test the name of the test and of its variant
   * @param statistic the test's statistic; may be infinite where differences do not spread at all
   * @param pValue how likely a statistic at least as extreme is where there is no difference, in
   *     [0, 1]
   */
  public TestResult {
    Objects.requireNonNull(test, "test");
    if (!(pValue >= 0 && pValue <= 1)) {
      throw new IllegalArgumentException(
          "a p-value must be in [0, 1], but the test \"%s\" gave %s".formatted(test, pValue));
    }
  }

  /**
   * Tells whether the difference is significant.
   *
   * @param alpha the level, in (0, 1), usually 0.05
   * @return true if the p-value is at most {@code alpha}
   * @throws IllegalArgumentException if the level is out of range
   */
  public boolean isSignificant(double alpha) {
    return pValue <= Samples.level(alpha, "alpha");
  }
}
