package io.vivace.core.serve;

import java.util.Arrays;

/**
 * How much each predictor counts; none if all count the same. Kept as they were given, so that
 * votes which add up to the same number tie exactly.
 */
final class Weights {
  static final Weights EQUAL = new Weights();

  private final double[] given;

  private Weights(double... given) {
    this.given = given;
  }

  static Weights of(double... weights) {
    return weights.length == 0 ? EQUAL : new Weights(new Shares(weights).weights());
  }

  double of(int predictor) {
    return given.length == 0 ? 1 : given[predictor];
  }

  double sum(int predictors) {
    return given.length == 0 ? predictors : Arrays.stream(given).sum();
  }

  void check(int predictors) {
    if (given.length != 0 && given.length != predictors) {
      throw new IllegalArgumentException(
          "there are "
              + given.length
              + " weights for "
              + predictors
              + " predictors; give each predictor one");
    }
  }

  @Override
  public String toString() {
    return given.length == 0 ? "equal" : Arrays.toString(given);
  }
}
