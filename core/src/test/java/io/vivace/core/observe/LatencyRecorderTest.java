package io.vivace.core.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatencyRecorderTest {
  /** The resolution that the recorder promises. */
  private static final double PERCENT = 0.1;

  private final LatencyRecorder recorder = new LatencyRecorder();

  @Test
  void summary_nothingRecorded_isEmptyWithNaN() {
    assertThat(recorder.summary()).isEqualTo(LatencySummary.EMPTY);
    assertThat(LatencySummary.EMPTY.count()).isZero();
    assertThat(LatencySummary.EMPTY.p99Nanos()).isNaN();
    assertThat(LatencySummary.EMPTY).hasToString("no calls");
  }

  @Test
  void summary_oneDuration_isThatDurationEverywhere() {
    recorder.recordNanos(1_234);
    assertThat(recorder.summary())
        .isEqualTo(new LatencySummary(1, 1_234, 1_234, 1_234, 1_234, 1_234, 1_234, 1_234, 1_234));
  }

  @Test
  void summary_oneToHundred_isExactNearestRank() {
    IntStream.rangeClosed(1, 100).forEach(recorder::recordNanos);
    assertThat(recorder.summary())
        .isEqualTo(new LatencySummary(100, 1, 50.5, 50, 90, 95, 99, 100, 100));
  }

  @Test
  void summary_logNormal_equalsNumpy() throws IOException {
    Map<String, Double> golden = new HashMap<>();
    for (String line : lines()) {
      String[] words = line.split(" ", -1);
      if (!line.startsWith("#")) {
        recorder.recordNanos(Long.parseLong(line));
      } else if (words.length == 3) {
        golden.put(words[1], Double.valueOf(words[2]));
      }
    }
    LatencySummary summary = recorder.summary();
    assertThat(summary.count()).isEqualTo(1_000);
    assertThat(summary.minNanos()).isCloseTo(golden.get("min"), withinPercentage(PERCENT));
    assertThat(summary.meanNanos()).isCloseTo(golden.get("mean"), withinPercentage(PERCENT));
    assertThat(summary.p50Nanos()).isCloseTo(golden.get("p50"), withinPercentage(PERCENT));
    assertThat(summary.p90Nanos()).isCloseTo(golden.get("p90"), withinPercentage(PERCENT));
    assertThat(summary.p95Nanos()).isCloseTo(golden.get("p95"), withinPercentage(PERCENT));
    assertThat(summary.p99Nanos()).isCloseTo(golden.get("p99"), withinPercentage(PERCENT));
    assertThat(summary.p999Nanos()).isCloseTo(golden.get("p999"), withinPercentage(PERCENT));
    assertThat(summary.maxNanos()).isCloseTo(golden.get("max"), withinPercentage(PERCENT));
  }

  @Test
  void recordNanos_zero_isCounted() {
    recorder.recordNanos(0);
    assertThat(recorder.summary().count()).isEqualTo(1);
    assertThat(recorder.summary().maxNanos()).isZero();
  }

  @Test
  void recordNanos_aboveOneHour_countsAsOneHour() {
    recorder.recordNanos(Long.MAX_VALUE);
    double hour = Duration.ofHours(1).toNanos();
    assertThat(recorder.summary().maxNanos()).isCloseTo(hour, withinPercentage(PERCENT));
  }

  @Test
  void recordNanos_negative_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> recorder.recordNanos(-5))
        .withMessageContaining("-5");
    assertThat(recorder.summary().count()).isZero();
  }

  @Test
  void recordNanos_manyThreads_losesNothing() {
    IntStream.range(0, 100_000).parallel().forEach(i -> recorder.recordNanos(i % 1_000));
    assertThat(recorder.summary().count()).isEqualTo(100_000);
    assertThat(recorder.summary().meanNanos()).isEqualTo(499.5);
  }

  @Test
  void time_call_returnsItsResultAndCountsIt() {
    assertThat(recorder.time(() -> "answer")).isEqualTo("answer");
    assertThat(recorder.summary().count()).isEqualTo(1);
  }

  @Test
  void time_callThatThrows_countsIt() {
    assertThatThrownBy(
            () ->
                recorder.time(
                    () -> {
                      throw new IllegalStateException("boom");
                    }))
        .hasMessage("boom");
    assertThat(recorder.summary().count()).isEqualTo(1);
  }

  @Test
  void add_otherRecorder_joinsBothAndKeepsTheOther() {
    LatencyRecorder other = new LatencyRecorder();
    other.recordNanos(30);
    recorder.recordNanos(10);
    recorder.add(other);
    assertThat(recorder.summary().meanNanos()).isEqualTo(20);
    assertThat(other.summary().count()).isEqualTo(1);
  }

  @Test
  void add_itself_doublesEveryCount() {
    recorder.recordNanos(10);
    recorder.add(recorder);
    assertThat(recorder.summary().count()).isEqualTo(2);
  }

  @Test
  void reset_afterRecording_isEmpty() {
    recorder.recordNanos(10);
    recorder.reset();
    assertThat(recorder.summary()).isEqualTo(LatencySummary.EMPTY);
  }

  @Test
  void toString_summary_hasReadableUnits() {
    assertThat(new LatencySummary(1_000, 90, 1_500, 2e3, 2e6, 2.5e6, 1e9, 1.25e9, 6e10))
        .hasToString(
            "1,000 calls: min 90 ns, mean 1.50 us, p50 2.00 us, p90 2.00 ms, p95 2.50 ms,"
                + " p99 1.00 s, p99.9 1.25 s, max 60.00 s");
  }

  private static List<String> lines() throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    LatencyRecorderTest.class.getResourceAsStream("/observe/latencies.txt")),
                StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }
}
