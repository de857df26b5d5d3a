package io.vivace.evaluate.metric;

import java.util.function.Supplier;

/** What a metric gives where its formula divides zero by zero. */
public enum UndefinedValue {
  /** 0. */
  ZERO,
  /** 1. */
  ONE,
  /** NaN; means over classes or rows leave it out. */
  NAN,
  /** An {@link UndefinedMetricException}. */
  ERROR;

  /**
   * Returns the value, or throws.
   *
   * @param message says what is undefined and why; asked for only where it is an error
   * @return 0, 1 or NaN
   * @throws UndefinedMetricException if this is {@link #ERROR}
   */
  public double value(Supplier<String> message) {
    return switch (this) {
      case ZERO -> 0;
      case ONE -> 1;
      case NAN -> Double.NaN;
      case ERROR -> throw new UndefinedMetricException(message.get());
    };
  }
}
