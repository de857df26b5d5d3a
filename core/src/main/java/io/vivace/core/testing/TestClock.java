package io.vivace.core.testing;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A clock that stands still until a test moves it. Thread-safe. Gives nanoseconds, as {@link
 * System#nanoTime()} does.
 */
public final class TestClock implements LongSupplier {
  private final AtomicLong nanos = new AtomicLong();

  /** Makes a clock that stands at 0. */
  public TestClock() {}

  /**
   * Moves the clock.
   *
   * @param time how far, at least 0
   * @return this clock
   * @throws IllegalArgumentException if the time is negative
   */
  public TestClock advance(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("a clock cannot go back, but was told to by " + time);
    }
    nanos.addAndGet(time.toNanos());
    return this;
  }

  /**
   * Returns the time.
   *
   * @return nanoseconds since the clock was made
   */
  @Override
  public long getAsLong() {
    return nanos.get();
  }

  @Override
  public String toString() {
    return "TestClock[" + Duration.ofNanos(nanos.get()) + "]";
  }
}
