package io.vivace.evaluate.latency;

import static io.vivace.evaluate.metric.ClassificationMetrics.ACCURACY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.vivace.core.Predictor;
import io.vivace.core.data.Dataset;
import io.vivace.core.model.ModelSource;
import io.vivace.evaluate.Candidate;
import io.vivace.evaluate.Evaluator;
import io.vivace.evaluate.Figure;
import io.vivace.evaluate.MetricTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** The clock goes on only where a predictor says so. */
class LatencyBenchmarkTest {
  private final List<String> order = new ArrayList<>();
  private long now;

  private Candidate<Integer, Integer> taking(String name, LongSupplier nanos) {
    return Candidate.of(
        name,
        Predictor.of(
            input -> {
              order.add(name);
              now += nanos.getAsLong();
              return input;
            }));
  }

  private LatencyBenchmark<Integer> benchmark() {
    return LatencyBenchmark.of(List.of(0, 1, 2, 3), () -> now).warmUp(0).rounds(0);
  }

  @Test
  void run_percentiles_areThoseOfTheNearestRank() {
    long[] next = {0};
    LatencyProfile profile =
        benchmark().calls(1_000).run(List.of(taking("a", () -> ++next[0]))).profile("a");
    assertThat(profile.percentile(50).value()).isEqualTo(500);
    assertThat(profile.percentile(99).value()).isEqualTo(990);
    assertThat(profile.percentile(99.9).value()).isEqualTo(999);
    assertThat(profile.meanNanos()).isEqualTo(500.5);
    assertThat(profile.calls()).isEqualTo(1_000);
    assertThat(profile.failures()).isZero();
  }

  @Test
  void run_interval_isOfOrderStatistics() {
    // The ranks 40 and 61 of 100 hold the median with 95 % confidence in every textbook.
    long[] next = {0};
    Figure median =
        benchmark()
            .calls(100)
            .run(List.of(taking("a", () -> ++next[0])))
            .profile("a")
            .percentile(50);
    assertThat(median.interval().lower()).isEqualTo(40);
    assertThat(median.interval().upper()).isEqualTo(61);
    assertThat(median.interval().method()).isEqualTo("order statistics");
  }

  @Test
  void run_tooFewCallsForABound_leavesItOpen() {
    long[] next = {0};
    LatencyBenchmark<Integer> benchmark = benchmark();
    Candidate<Integer, Integer> candidate = taking("a", () -> ++next[0]);
    Figure few = benchmark.calls(367).run(List.of(candidate)).profile("a").percentile(99);
    assertThat(few.interval().upper()).isInfinite();
    Figure enough = benchmark.calls(368).run(List.of(candidate)).profile("a").percentile(99);
    assertThat(enough.interval().upper()).isFinite();
    Figure tail = benchmark.calls(3_688).run(List.of(candidate)).profile("a").percentile(99.9);
    assertThat(tail.interval().upper()).isFinite();
  }

  @Test
  void run_candidates_takeTurnsInARotatingOrder() {
    benchmark()
        .calls(3)
        .run(List.of(taking("a", () -> 1), taking("b", () -> 1), taking("c", () -> 1)));
    assertThat(order).containsExactly("a", "b", "c", "b", "c", "a", "c", "a", "b");
  }

  @Test
  void run_failures_areCountedAndNotTimed() {
    int[] calls = {0};
    Candidate<Integer, Integer> failing =
        taking(
            "a",
            () -> {
              if (calls[0]++ % 2 == 0) {
                now += 1_000_000;
                throw new IllegalStateException("no");
              }
              return 10;
            });
    LatencyProfile profile = benchmark().calls(100).run(List.of(failing)).profile("a");
    assertThat(profile.failures()).isEqualTo(50);
    assertThat(profile.calls()).isEqualTo(50);
    assertThat(profile.percentile(99).value()).isEqualTo(10);
  }

  @Test
  void run_everyCallFails_isUndefined() {
    Candidate<Integer, Integer> failing =
        Candidate.of(
            "a",
            Predictor.of(
                input -> {
                  throw new IllegalStateException("no");
                }));
    LatencyProfile profile = benchmark().calls(10).rounds(2).run(List.of(failing)).profile("a");
    assertThat(profile.percentile(50).value()).isNaN();
    assertThat(profile.throughput().value()).isNaN();
    assertThat(profile.throughput().interval().isDefined()).isFalse();
  }

  @Test
  void run_throughput_isTheMedianOverRounds() {
    LatencyProfile profile =
        benchmark().calls(1).rounds(9).run(List.of(taking("a", () -> 1_000))).profile("a");
    assertThat(profile.throughput().value()).isCloseTo(1e6, within(1e-6));
    assertThat(profile.throughput().interval().contains(1e6)).isTrue();
    assertThat(order).hasSize(1 + 9 * 4);
  }

  @Test
  void run_allocation_isSeen() {
    Candidate<Integer, byte[]> allocating =
        Candidate.of("a", Predictor.of(input -> new byte[100_000]));
    LatencyProfile profile =
        LatencyBenchmark.of(List.of(1)).warmUp(10).calls(50).run(List.of(allocating)).profile("a");
    assertThat(profile.allocatedBytes()).isBetween(100_000.0, 200_000.0);
  }

  @Test
  void addTo_table_hasAColumnPerResource() {
    Dataset<Integer, Integer> data = Dataset.of(List.of(0, 1, 2), List.of(0, 1, 2));
    Candidate<Integer, Integer> a =
        taking("a", () -> 1_000).source(ModelSource.bytes("a.onnx", new byte[] {8, 8, 58, 0}));
    Candidate<Integer, Integer> b = taking("b", () -> 2_000);
    MetricTable table =
        Evaluator.<Integer, Integer>classification(List.of(0, 1, 2, 3))
            .metrics(ACCURACY)
            .candidate(a)
            .candidate(b)
            .on(data);
    LatencyReport report = benchmark().calls(400).rounds(9).run(List.of(a, b));
    MetricTable wider = report.addTo(table);
    assertThat(wider.cell("a", Resource.P99_LATENCY.column()).value()).isEqualTo(1_000);
    assertThat(wider.cell("a", Resource.P99_LATENCY.column()).best()).isTrue();
    assertThat(wider.cell("b", Resource.P99_LATENCY.column()).best()).isFalse();
    assertThat(wider.cell("a", Resource.SIZE.column()).value()).isEqualTo(4);
    assertThat(wider.cell("b", Resource.SIZE.column()).value()).isNaN();
    assertThat(wider.columns()).hasSize(6);
    assertThat(report.provenance().facts().get("models")).containsKey("a.sha256");
  }

  /** What counts is the file on disk, not what it is inflated to. */
  @Test
  void modelBytes_packedContainer_areItsOwn() {
    byte[] container = container(new byte[] {8, 8, 58, 0});
    ModelSource source = ModelSource.bytes("a.vvp", container);
    Candidate<Integer, Integer> packed = taking("packed", () -> 1_000).source(source);
    LatencyReport report = benchmark().calls(400).rounds(9).run(List.of(packed));
    assertThat(report.profile("packed").modelBytes()).isEqualTo(container.length);
    assertThat(report.provenance().facts().get("models"))
        .containsEntry("packed.bytes", String.valueOf(container.length));
  }

  /** A packed model of one section that is stored as it is. */
  private static byte[] container(byte[] model) {
    int header = 28 + 9;
    ByteBuffer bytes =
        ByteBuffer.allocate(header + 4 + model.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put("\u0089VVP\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1));
    bytes.putInt(1).putInt(1).putLong(model.length).putInt(check(model, model.length));
    bytes.put((byte) 0).putInt(model.length).putInt(model.length);
    return bytes.putInt(check(bytes.array(), header)).put(model).array();
  }

  private static int check(byte[] bytes, int length) {
    CRC32C check = new CRC32C();
    check.update(bytes, 0, length);
    return (int) check.getValue();
  }

  @Test
  void coldStart_timesOpeningAndFirstAnswer() {
    ColdStart start =
        benchmark()
            .coldStart(
                () -> {
                  now += 5_000;
                  return taking("a", () -> 70).predictor();
                },
                2);
    assertThat(start.starts()).hasSize(2);
    assertThat(start.first().openNanos()).isEqualTo(5_000);
    assertThat(start.first().firstAnswerNanos()).isEqualTo(70);
    assertThat(start.first().totalNanos()).isEqualTo(5_070);
  }

  @Test
  void resource_bounds_haveTheirUnit() {
    assertThat(Resource.P99_LATENCY.atMost(Duration.ofMillis(20)).bound()).isEqualTo(2e7);
    assertThat(Resource.SIZE.atMost(Resource.megabytes(50)).bound()).isEqualTo(5e7);
    assertThat(Resource.THROUGHPUT.atLeast(100)).hasToString("throughput >= 100.0 1/s");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Resource.SIZE.atMost(Duration.ofMillis(1)))
        .withMessage("size is measured in B, so its bound is no duration");
  }

  @Test
  void faults_areRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> LatencyBenchmark.of(List.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> benchmark().calls(0));
    assertThatIllegalArgumentException().isThrownBy(() -> benchmark().level(1));
    assertThatIllegalArgumentException().isThrownBy(() -> benchmark().run(List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> benchmark().run(List.of(taking("a", () -> 1), taking("a", () -> 1))))
        .withMessageContaining("[a, a]");
  }
}
