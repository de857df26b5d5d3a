package io.vivace.core.serve;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * When a predictor that keeps failing is left alone, and when it is tried again. Immutable.
 *
 * <p>The breaker is closed at first: every call asks the predictor. It opens when {@link #failures}
 * of the last {@link #window} calls failed; then no call asks the predictor until {@link #pause} is
 * over. After that it is half-open: {@link #trials} calls ask it. If all of them succeed the
 * breaker closes, if one fails it opens again.
 *
 * @param failures how many failed calls open it, at least 1; default 10
 * @param window of how many of the last calls, from {@code failures} to 100,000; default 20
 * @param pause how long it stays open, above 0; default 10 seconds
 * @param trials how many calls must succeed to close it, from 1 to 1,000; default 3
 */
public record CircuitBreakerOptions(int failures, int window, Duration pause, int trials) {
  private static final CircuitBreakerOptions DEFAULTS =
      new CircuitBreakerOptions(10, 20, Duration.ofSeconds(10), 3);

  /**
   * Checks all values.
   *
   * @param failures how many failed calls open it, at least 1; default 10
   * @param window of how many of the last calls, from {@code failures} to 100,000; default 20
   * @param pause how long it stays open, above 0; default 10 seconds
   * @param trials how many calls must succeed to close it, from 1 to 1,000; default 3
   * @throws IllegalArgumentException if values are out of range; the message lists all of them
   */
  public CircuitBreakerOptions {
    List<String> faults = new ArrayList<>();
    if (failures < 1) {
      faults.add("failures must be at least 1, but was " + failures);
    }
    if (window < failures || window > 100_000) {
      faults.add("window must be from " + failures + " (failures) to 100,000, but was " + window);
    }
    if (pause.isNegative() || pause.isZero()) {
      faults.add("pause must be above 0, but was " + pause);
    }
    if (trials < 1 || trials > 1_000) {
      faults.add("trials must be from 1 to 1,000, but was " + trials);
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
  }

  /**
   * Returns the default options.
   *
   * @return 10 failures of 20 calls, 10 seconds, 3 trials
   */
  public static CircuitBreakerOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Sets what opens the breaker.
   *
   * @param failures how many failed calls, at least 1
   * @param window of how many of the last calls, from {@code failures} to 100,000
   * @return a changed copy
   * @throws IllegalArgumentException if a number is out of range
   */
  public CircuitBreakerOptions failures(int failures, int window) {
    return new CircuitBreakerOptions(failures, window, pause, trials);
  }

  /**
   * Sets how long the predictor is left alone.
   *
   * @param pause above 0
   * @return a changed copy
   * @throws IllegalArgumentException if it is not above 0
   */
  public CircuitBreakerOptions pause(Duration pause) {
    return new CircuitBreakerOptions(failures, window, pause, trials);
  }

  /**
   * Sets how many calls must succeed before the breaker closes.
   *
   * @param trials from 1 to 1,000
   * @return a changed copy
   * @throws IllegalArgumentException if the number is out of range
   */
  public CircuitBreakerOptions trials(int trials) {
    return new CircuitBreakerOptions(failures, window, pause, trials);
  }
}
