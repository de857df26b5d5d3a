package io.vivace.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import io.vivace.examples.benchmarks.FixedWindow.Setting;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** The harness measures what it says, and the peers compute what we do. */
class LoadTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private static Service<Integer> service(Runnable work) {
    return new Service<>() {
      @Override
      public float[] call(Integer item) {
        work.run();
        return new float[1];
      }

      @Override
      public void submit(Integer item, Completion completion) {
        completion.done(call(item), null);
      }

      @Override
      public void close() {}
    };
  }

  /** Ten thousand a second for 100 ms, but the first one stops the sender for all that time. */
  @Test
  void openLoop_stall_countsForEveryRequestThatShouldHaveBeenSentMeanwhile() throws Exception {
    int[] calls = new int[1];
    Service<Integer> stalling =
        service(
            () -> {
              if (calls[0]++ == 0) {
                long end = System.nanoTime() + 100 * MILLI;
                while (System.nanoTime() < end) {
                  Thread.onSpinWait();
                }
              }
            });
    Load load = OpenLoop.run(stalling, List.of(1), 10_000, 100 * MILLI, 3);
    assertThat(load.latency().getTotalCount()).isBetween(850L, 1_150L);
    assertThat(load.micros(50)).isGreaterThan(40_000);
    assertThat(load.micros(90)).isGreaterThan(80_000);
  }

  @Test
  void openLoop_failure_countsAsTheSlowest() throws Exception {
    Service<Integer> failing =
        new Service<>() {
          @Override
          public float[] call(Integer item) {
            return new float[1];
          }

          @Override
          public void submit(Integer item, Completion completion) {
            completion.done(null, new IllegalStateException());
          }

          @Override
          public void close() {}
        };
    Load load = OpenLoop.run(failing, List.of(1), 10_000, 10 * MILLI, 3);
    assertThat(load.failed()).isEqualTo(load.latency().getTotalCount()).isPositive();
    assertThat(load.micros(1)).isGreaterThan(50_000_000);
  }

  @Test
  void schedule_isAPoissonProcessOfTheRate() {
    List<Long> moments = new ArrayList<>();
    long begin = System.nanoTime() - 1_000 * MILLI; // in the past: nobody waits
    OpenLoop.schedule(20_000, 1_000 * MILLI, 5, begin, moments::add);
    double[] gaps =
        IntStream.range(1, moments.size())
            .mapToDouble(i -> moments.get(i) - moments.get(i - 1))
            .toArray();
    double mean = IntStream.range(0, gaps.length).mapToDouble(i -> gaps[i]).average().orElse(0);
    double variance =
        IntStream.range(0, gaps.length)
            .mapToDouble(i -> (gaps[i] - mean) * (gaps[i] - mean))
            .average()
            .orElse(0);
    assertThat(mean).isCloseTo(50_000, within(1_500.0));
    assertThat(Math.sqrt(variance) / mean).isCloseTo(1, within(0.05)); // exponential gaps
  }

  @Test
  void closedLoop_countsEveryAnswerAndTheTimeOfEach() throws Exception {
    int[] calls = new int[1];
    Load load = ClosedLoop.blocking(service(() -> calls[0]++), List.of(1), 1, 5 * MILLI);
    assertThat(load.latency().getTotalCount()).isEqualTo(calls[0]).isPositive();
    assertThat(load.failed()).isZero();
  }

  @Test
  void peers_computeWhatWeDo() throws Exception {
    same(Workload.digits());
    same(Workload.fashion());
    same(Workload.minilm(8));
    Workload<float[]> digits = Workload.digits();
    try (Service<float[]> ours = digits.ours();
        Service<float[]> djl = new DjlPool(digits.file(), new Shape(64), null)) {
      float[] item = digits.items().get(3);
      assertThat(djl.call(item)).containsExactly(ours.call(item), within(1e-4f));
    }
  }

  private static <I> void same(Workload<I> workload) throws Exception {
    try (RawSession<I> session = workload.raw();
        Service<I> ours = workload.ours();
        Service<I> off = new BatchingOff<>(session);
        FixedWindow<I> window = new FixedWindow<>(session, new Setting(8, 0))) {
      List<I> items = workload.items().subList(0, 8);
      float[][] batched = new float[items.size()][];
      CountDownLatch answered = new CountDownLatch(items.size());
      for (int i = 0; i < items.size(); i++) {
        int at = i;
        window.submit(
            items.get(i),
            (answer, error) -> {
              batched[at] = answer;
              answered.countDown();
            });
      }
      window.start(); // takes all of them as one batch
      assertThat(answered.await(60, TimeUnit.SECONDS)).isTrue();
      float[] last = window.call(items.get(0));
      for (int i = 0; i < items.size(); i++) {
        float[] expected = ours.call(items.get(i));
        assertThat(off.call(items.get(i))).containsExactly(expected, within(1e-4f));
        assertThat(batched[i]).containsExactly(expected, within(1e-4f));
      }
      assertThat(last).containsExactly(batched[0], within(1e-4f));
    }
  }

  @Test
  void percentilePlot_isWellFormedAndHasACurveForEachSeries() throws Exception {
    Histogram fast = new Histogram(3);
    Histogram slow = new Histogram(3);
    for (int i = 1; i <= 1_000; i++) {
      fast.recordValue(i * 1_000L);
      slow.recordValue(i * 5_000L);
    }
    String svg = new PercentilePlot("latency").add("fast", fast).add("slow", slow).svg();
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(2);
    assertThat(svg).contains(">fast<", ">slow<", "5001 us");
  }

  @Test
  void lookup_tellsTheVersionOfAnAnswer() {
    assertThat(Lookup.versionOf(new float[] {1_004.5f}, 5)).isEqualTo(1);
    assertThat(Lookup.versionOf(new float[] {2_015.4f}, 15)).isEqualTo(2);
    assertThat(Lookup.versionOf(new float[] {1_500f}, 5)).isZero();
  }
}
