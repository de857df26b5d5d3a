package io.vivace.evaluate.search;

/** Which scores are the better ones. */
public enum Direction {
  /** Lower is better. */
  MINIMIZE(1),
  /** Higher is better. */
  MAXIMIZE(-1);

  private final int sign;

  Direction(int sign) {
    this.sign = sign;
  }

  /** The value of which less is always better. */
  double loss(double value) {
    return sign * value;
  }
}
