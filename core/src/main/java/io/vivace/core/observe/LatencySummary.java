package io.vivace.core.observe;

import java.util.Locale;

/**
 * How long calls took. All times are in nanoseconds, and NaN if there was no call.
 *
 * @param count the number of calls
 * @param minNanos the shortest
 * @param meanNanos the arithmetic mean
 * @param p50Nanos the median
 * @param p90Nanos the time that 90 % of the calls did not exceed
 * @param p95Nanos the time that 95 % of the calls did not exceed
 * @param p99Nanos the time that 99 % of the calls did not exceed
 * @param p999Nanos the time that 99.9 % of the calls did not exceed
 * @param maxNanos the longest
 */
public record LatencySummary(
    long count,
    double minNanos,
    double meanNanos,
    double p50Nanos,
    double p90Nanos,
    double p95Nanos,
    double p99Nanos,
    double p999Nanos,
    double maxNanos) {
  /** The summary of no call: count 0, every time NaN. */
  public static final LatencySummary EMPTY =
      new LatencySummary(
          0,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Double.NaN);

  /**
   * Returns the figures with readable units.
   *
   * @return for example {@code 1,000 calls: min 3.01 ms, mean 3.22 ms, p50 3.14 ms, p90 3.60 ms,
   *     p95 4.02 ms, p99 5.20 ms, p99.9 8.81 ms, max 9.00 ms}, or {@code no calls}
   */
  @Override
  public String toString() {
    if (count == 0) {
      return "no calls";
    }
    return String.format(
        Locale.ROOT,
        "%,d calls: min %s, mean %s, p50 %s, p90 %s, p95 %s, p99 %s, p99.9 %s, max %s",
        count,
        readable(minNanos),
        readable(meanNanos),
        readable(p50Nanos),
        readable(p90Nanos),
        readable(p95Nanos),
        readable(p99Nanos),
        readable(p999Nanos),
        readable(maxNanos));
  }

  private static String readable(double nanos) {
    if (nanos < 1e3) {
      return String.format(Locale.ROOT, "%.0f ns", nanos);
    }
    if (nanos < 1e6) {
      return String.format(Locale.ROOT, "%.2f us", nanos / 1e3);
    }
    return nanos < 1e9
        ? String.format(Locale.ROOT, "%.2f ms", nanos / 1e6)
        : String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
  }
}
