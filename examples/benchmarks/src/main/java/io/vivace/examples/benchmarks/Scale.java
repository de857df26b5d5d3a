package io.vivace.examples.benchmarks;

import java.time.Duration;

/**
 * How long the load suites measure: as long as the project's bars ask, or, with {@code
 * -Dvivace.short=true}, just long enough to see that everything works.
 */
final class Scale {
  static final boolean SHORT = Boolean.getBoolean("vivace.short");

  private Scale() {}

  static long nanos(Duration full, Duration shortened) {
    return (SHORT ? shortened : full).toNanos();
  }

  static int count(int full, int shortened) {
    return SHORT ? shortened : full;
  }
}
