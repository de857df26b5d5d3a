package io.vivace.optimize.train;

/** Checks of arguments. */
final class Numbers {
  private Numbers() {}

  static void requireAbove(String name, double value, double bound) {
    if (!(value > bound) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "%s must be a number above %s, but was %s".formatted(name, bound, value));
    }
  }

  static void requireFrom(String name, double value, double low, double high) {
    if (!(value >= low && value <= high) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "%s must be a number from %s to %s, but was %s".formatted(name, low, high, value));
    }
  }
}
