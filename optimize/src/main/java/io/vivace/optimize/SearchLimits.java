package io.vivace.optimize;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a search must keep within. */
record SearchLimits(
    QualityLimit quality,
    long mostBytes,
    @Nullable Duration mostLatency,
    int mostTrials,
    @Nullable Duration mostTime) {

  SearchLimits bytes(long most) {
    return new SearchLimits(quality, most, mostLatency, mostTrials, mostTime);
  }

  SearchLimits latency(Duration most) {
    return new SearchLimits(quality, mostBytes, most, mostTrials, mostTime);
  }

  SearchLimits trials(int most) {
    return new SearchLimits(quality, mostBytes, mostLatency, most, mostTime);
  }

  SearchLimits time(Duration most) {
    return new SearchLimits(quality, mostBytes, mostLatency, mostTrials, most);
  }

  /**
   * By how much a trial misses the limits, as shares of them, added up: 0 if it is within all,
   * infinite if it is of no use.
   */
  double violation(Trial trial, double originalQuality) {
    double lowest = quality.lowest(originalQuality);
    boolean unmeasured = mostLatency != null && Double.isNaN(trial.latencyNanos());
    if (Double.isNaN(trial.quality()) || unmeasured) {
      return Double.POSITIVE_INFINITY;
    }
    double missing = Math.max(0, lowest - trial.quality());
    double sum = missing / Math.max(Math.abs(lowest), Double.MIN_NORMAL);
    sum += Math.max(0, (double) trial.bytes() / mostBytes - 1);
    return mostLatency == null
        ? sum
        : sum + Math.max(0, trial.latencyNanos() / mostLatency.toNanos() - 1);
  }

  boolean isGoodEnough(Trial trial, double originalQuality) {
    return trial.quality() >= quality.lowest(originalQuality);
  }

  /** For people. */
  String describe() {
    List<String> parts = new ArrayList<>();
    parts.add(quality.toString());
    if (mostBytes != Long.MAX_VALUE) {
      parts.add("at most %,d bytes".formatted(mostBytes));
    }
    if (mostLatency != null) {
      parts.add("latency at most %,d us".formatted(mostLatency.toNanos() / 1_000));
    }
    return String.join(", ", parts);
  }
}
