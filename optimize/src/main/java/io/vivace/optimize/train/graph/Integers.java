package io.vivace.optimize.train.graph;

import java.util.Arrays;

/**
 * Integers that stay on the host: shapes, axes, indices, and what is computed from them. Arithmetic
 * on them costs nothing there, and an engine's array would cost microseconds.
 */
final class Integers {
  private final long[] values;
  private final long[] shape;
  private final boolean logical;

  private Integers(long[] values, long[] shape, boolean logical) {
    this.values = values;
    this.shape = shape;
    this.logical = logical;
  }

  static Integers of(long[] values, long... shape) {
    return new Integers(values, shape, false);
  }

  /** Truth values: 0 and 1. */
  static Integers logical(long[] values, long... shape) {
    return new Integers(values, shape, true);
  }

  static Integers list(long... values) {
    return of(values, values.length);
  }

  static Integers scalar(long value) {
    return of(new long[] {value});
  }

  long[] values() {
    return values.clone();
  }

  long value(int index) {
    return values[index];
  }

  int size() {
    return values.length;
  }

  long[] shape() {
    return shape.clone();
  }

  int rank() {
    return shape.length;
  }

  boolean isLogical() {
    return logical;
  }

  Integers reshaped(long... newShape) {
    return new Integers(values, newShape, logical);
  }

  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
