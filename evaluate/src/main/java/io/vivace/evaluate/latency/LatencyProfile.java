package io.vivace.evaluate.latency;

import io.vivace.evaluate.Figure;
import java.util.Locale;

/**
 * What the answers of one model cost. Immutable.
 *
 * <p>Calls follow each other, so neighbouring ones may be alike; intervals take them as independent
 * and are then too narrow.
 */
public final class LatencyProfile {
  private final String name;
  private final Durations calls;
  private final int failures;
  private final Durations itemsPerSecond;
  private final double allocated;
  private final double size;
  private final double level;

  LatencyProfile(
      String name,
      Durations calls,
      int failures,
      Durations itemsPerSecond,
      double allocated,
      double size,
      double level) {
    this.name = name;
    this.calls = calls;
    this.failures = failures;
    this.itemsPerSecond = itemsPerSecond;
    this.allocated = allocated;
    this.size = size;
    this.level = level;
  }

  /**
   * Returns whose profile it is.
   *
   * @return the name of the candidate
   */
  public String name() {
    return name;
  }

  /**
   * Returns how many calls were answered.
   *
   * @return at least 0
   */
  public int calls() {
    return calls.count();
  }

  /**
   * Returns how many calls failed. Their times are not among the latencies.
   *
   * @return at least 0
   */
  public int failures() {
    return failures;
  }

  /**
   * Returns a percentile of the latency, with an interval of order statistics.
   *
   * @param percent above 0 and below 100, such as 99
   * @return nanoseconds; NaN if no call was answered; an upper bound is infinite where there are
   *     too few calls for it
   * @throws IllegalArgumentException if the percentage is out of range
   */
  public Figure percentile(double percent) {
    if (!(percent > 0 && percent < 100)) {
      throw new IllegalArgumentException(
          "a percentile must be above 0 and below 100, but was " + percent);
    }
    return calls.quantile(percent / 100, level);
  }

  /**
   * Returns the mean latency.
   *
   * @return nanoseconds; NaN if no call was answered
   */
  public double meanNanos() {
    return calls.mean();
  }

  /**
   * Returns how many items are answered in a second when all inputs are asked for at once.
   *
   * @return the median over rounds; NaN if all rounds failed or none was asked for
   */
  public Figure throughput() {
    return itemsPerSecond.quantile(0.5, level);
  }

  /**
   * Returns how much heap memory a call allocates on the calling thread.
   *
   * @return the mean in bytes; NaN if the Java runtime does not tell
   */
  public double allocatedBytes() {
    return allocated;
  }

  /**
   * Returns the size of the model's files.
   *
   * @return bytes; NaN if the candidate does not say where its model came from
   */
  public double modelBytes() {
    return size;
  }

  /**
   * Returns a figure as tables show it.
   *
   * @param resource which
   * @return value and interval
   */
  public Figure figure(Resource resource) {
    return switch (resource) {
      case P50_LATENCY -> percentile(50);
      case P90_LATENCY -> percentile(90);
      case P99_LATENCY -> percentile(99);
      case P999_LATENCY -> percentile(99.9);
      case THROUGHPUT -> throughput();
      case ALLOCATION -> Figure.exact(allocated);
      case SIZE -> Figure.exact(size);
    };
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s: p50 %.0f ns, p99 %.0f ns, %,d calls, %,d failed, %.0f/s",
        name,
        percentile(50).value(),
        percentile(99).value(),
        calls(),
        failures,
        throughput().value());
  }
}
