package io.vivace.optimize.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  private static final int SAMPLES = 12;
  private static final int SIZE = 400;

  /** What ONNX Runtime 1.30 finds for x and y = max(x, 0); see README.md beside the data. */
  @Test
  void range_everyWayAndDistribution_equalsOnnxRuntime() throws IOException {
    SoftAssertions all = new SoftAssertions();
    List<String> lines = golden();
    for (String line : lines) {
      String[] cells = line.split("\t", -1);
      ActivationRange found = observe(way(cells[1]), cells[0], cells[2].equals("y"));
      float tolerance = cells[1].equals("mean") ? 1e-6f : 0;
      all.assertThat(found.lowest())
          .as(line)
          .isCloseTo(Float.parseFloat(cells[3]), within(tolerance));
      all.assertThat(found.highest())
          .as(line)
          .isCloseTo(Float.parseFloat(cells[4]), within(tolerance));
    }
    all.assertAll();
    assertThat(lines).hasSize(76);
  }

  @Test
  void squaredError_fewOutliers_cutsThemOff() {
    RangeObserver bell = observer("squared");
    Random random = new Random(3);
    float[] values = new float[500_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    values[5] = 15;
    add(bell, values);
    assertThat(bell.range().lowest()).isBetween(-6f, -3f);
    assertThat(bell.range().highest()).isBetween(3f, 9f);
  }

  @Test
  void histogram_firstSampleTiny_staysSmallAndCountsAll() {
    for (String way : List.of("entropy-2048", "percentile-symmetric-99.999")) {
      RangeObserver observer = observer(way);
      add(observer, new float[] {1e-6f, -1e-6f, 0});
      for (int i = 1; i < 50; i++) {
        add(observer, new float[] {i, -i, 0.5f * i});
      }
      assertThat(observer.range().highest()).as(way).isBetween(40f, 49f);
    }
  }

  /** The first sample decides on the bins; what comes then may be of any size. */
  @Test
  void histogram_hugeNumbers_areCountedInFiniteBins() {
    float most = Float.MAX_VALUE;
    float[][] firsts = {{1}, {0}, {1e-30f, -1e-30f}, {Float.MIN_VALUE}, {most, -most}, {1e38f}};
    float[][] seconds = {{1e30f}, {most, -most}, {2e38f, -1}, {3e38f}};
    for (String way : List.of("entropy-2048", "percentile-symmetric-99.999", "squared")) {
      for (float[] first : firsts) {
        for (float[] second : seconds) {
          RangeObserver observer = observer(way);
          add(observer, first);
          for (int i = 0; i < 9; i++) {
            add(observer, second);
          }
          float reach = Math.max(first[0], second[0]);
          assertThat(observer.range().highest())
              .as("%s after %s, then %s", way, first[0], second[0])
              .isBetween(0.4f * second[0], reach);
        }
      }
    }
  }

  @Test
  void factories_argumentsOutOfRange_areRefusedWithTheValue() {
    assertThatThrownBy(() -> Calibration.movingAverage(0)).hasMessageContaining("0.0");
    assertThatThrownBy(() -> Calibration.percentile(101)).hasMessageContaining("101.0");
    assertThatThrownBy(() -> Calibration.asymmetricPercentile(Double.NaN))
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> Calibration.entropy(10)).hasMessageContaining("10");
    assertThatThrownBy(() -> new ActivationRange(1, Float.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new ActivationRange(1, 0)).hasMessageContaining("1.0 to 0.0");
  }

  private static ActivationRange observe(Calibration way, String distribution, boolean rectified) {
    RangeObserver observer = way.observer();
    for (float[] sample : samples(distribution)) {
      for (int i = 0; i < sample.length && rectified; i++) {
        sample[i] = Math.max(sample[i], 0);
      }
      add(observer, sample);
    }
    return observer.range();
  }

  private static RangeObserver observer(String way) {
    return way(way).observer();
  }

  private static void add(RangeObserver observer, float[] sample) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float value : sample) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    observer.add(sample, sample.length, low, high);
  }

  private static Calibration way(String name) {
    return switch (name) {
      case "minmax" -> Calibration.minMax();
      case "mean" -> Calibration.mean();
      case "moving-0.01" -> Calibration.movingAverage(0.01);
      case "moving-0.2" -> Calibration.movingAverage(0.2);
      case "entropy-2048" -> Calibration.entropy();
      case "entropy-512" -> Calibration.entropy(512);
      case "percentile-symmetric-99.999" -> Calibration.percentile(99.999);
      case "percentile-symmetric-99" -> Calibration.percentile(99);
      case "percentile-99.9" -> Calibration.asymmetricPercentile(99.9);
      case "percentile-95" -> Calibration.asymmetricPercentile(95);
      case "squared" -> Calibration.squaredError();
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** The same numbers as in Python: products and sums of 24-bit numbers in single precision. */
  private static float[][] samples(String distribution) {
    long[] state = {List.of("bell", "tails", "growing", "constant").indexOf(distribution) + 1};
    float[][] samples = new float[SAMPLES][SIZE];
    for (int i = 0; i < SAMPLES; i++) {
      for (int j = 0; j < SIZE; j++) {
        samples[i][j] =
            switch (distribution) {
              case "bell" -> next(state) + next(state) + next(state) + next(state) - 2;
              case "tails" -> {
                float t = 2 * next(state) - 1;
                yield t * t * t * t * (t * t * t) * 8;
              }
              case "growing" -> {
                float t = next(state);
                yield t * t * (i + 1) - 0.25f;
              }
              default -> 1.5f;
            };
      }
    }
    return samples;
  }

  private static float next(long[] state) {
    state[0] = state[0] * 6364136223846793005L + 1442695040888963407L;
    return (float) (state[0] >>> 40) / (1 << 24);
  }

  private static List<String> golden() throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    CalibrationTest.class.getResourceAsStream("calibrators.tsv")),
                StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }
}
