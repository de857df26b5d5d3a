package io.vivace.evaluate.metric;

import static io.vivace.evaluate.metric.ClassificationMetrics.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.evaluate.metric.SampleBatches.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MetricStateTest {
  private static final int ROWS = 40;

  static Stream<Sample<?>> samples() {
    return SampleBatches.all(1, ROWS);
  }

  @ParameterizedTest
  @MethodSource("samples")
  <B extends Batch> void merge_inAnyOrder_givesTheSameBits(Sample<B> sample) {
    Double whole = sample.metric().of(sample.batch());
    Random random = new Random(7);
    for (int round = 0; round < 5; round++) {
      List<MetricState<B>> parts = new ArrayList<>();
      for (int[] rows : shuffledParts(random)) {
        MetricState<B> part = sample.metric().newState();
        part.update(sample.select(rows));
        parts.add(part);
      }
      parts.add(sample.metric().newState());
      Collections.shuffle(parts, random);
      assertThat(merged(parts, random)).isEqualTo(whole);
    }
  }

  private static List<int[]> shuffledParts(Random random) {
    List<Integer> rows = new ArrayList<>(IntStream.range(0, ROWS).boxed().toList());
    Collections.shuffle(rows, random);
    int first = random.nextInt(1, 20);
    int second = random.nextInt(21, 35);
    return Stream.of(
            rows.subList(0, first), rows.subList(first, second), rows.subList(second, ROWS))
        .map(part -> part.stream().mapToInt(row -> row).toArray())
        .toList();
  }

  /** Merges neighbours until one is left. */
  private static <B extends Batch> double merged(List<MetricState<B>> parts, Random random) {
    while (parts.size() > 1) {
      int at = random.nextInt(parts.size() - 1);
      parts.get(at).merge(parts.remove(at + 1));
    }
    return parts.get(0).compute();
  }

  @ParameterizedTest
  @MethodSource("samples")
  <B extends Batch> void restore_ofBytes_goesOnWhereItWas(Sample<B> sample) {
    MetricState<B> state = sample.metric().newState();
    state.update(sample.batch());
    Double once = state.compute();
    MetricState<B> restored = sample.metric().restore(state.toBytes());
    assertThat(restored.compute()).isEqualTo(once);
    assertThat(restored.toBytes()).isEqualTo(state.toBytes());
    state.update(sample.batch());
    restored.update(sample.batch());
    assertThat(restored.compute()).isEqualTo(Double.valueOf(state.compute()));
    state.reset();
    assertThat(state.compute()).isNaN();
    assertThat(state.toBytes()).isEqualTo(sample.metric().newState().toBytes());
  }

  @ParameterizedTest
  @MethodSource("samples")
  <B extends Batch> void restore_ofCutOrDamagedBytes_isRefusedOrSound(Sample<B> sample) {
    MetricState<B> state = sample.metric().newState();
    state.update(sample.batch());
    byte[] bytes = state.toBytes();
    for (int length = 0; length < bytes.length; length += 1 + length / 20) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> sample.metric().restore(cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> sample.metric().restore(Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 bytes too many");
    Random random = new Random(11);
    for (int round = 0; round < 20; round++) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      restoreOrRefuse(sample.metric(), damaged);
    }
  }

  private static <B extends Batch> void restoreOrRefuse(Metric<B> metric, byte[] bytes) {
    try {
      metric.restore(bytes);
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageNotContaining("null");
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  <B extends Batch> void of_anyBatch_isWithinTheRange(Sample<B> sample) {
    double value = sample.metric().of(sample.batch());
    assertThat(value).isBetween(sample.metric().lowest(), sample.metric().highest());
    assertThat(sample.metric().best()).isIn(sample.metric().lowest(), sample.metric().highest());
    assertThat(sample.batch()).isInstanceOf(sample.metric().batchType());
    assertThat(sample.metric().toString()).isEqualTo(sample.metric().identity());
  }

  @Test
  void compute_ofNothing_isNaN() {
    assertThat(samples().map(sample -> sample.metric().newState().compute()))
        .allMatch(value -> value.isNaN());
  }

  @Test
  void merge_ofOtherOptions_isRefused() {
    MetricState<Labels> macro = F1.macro().newState();
    assertThatThrownBy(() -> macro.merge(F1.micro().newState()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("averaging=micro")
        .hasMessageContaining("averaging=macro");
    assertThatThrownBy(() -> macro.merge(macro))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("itself");
    byte[] bytes = ACCURACY.newState().toBytes();
    assertThatThrownBy(() -> HAMMING_LOSS.restore(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"accuracy\"")
        .hasMessageContaining("\"hamming loss\"");
  }

  @Test
  void restore_ofAnotherVersion_isRefused() {
    byte[] bytes = ACCURACY.newState().toBytes();
    bytes[7] = 9;
    assertThatThrownBy(() -> ACCURACY.restore(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("version 9");
    assertThatThrownBy(() -> ACCURACY.restore(new byte[20]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not the state of a metric");
  }

  @Test
  void update_withOtherClasses_isRefusedAndChangesNothing() {
    for (Metric<Labels> metric : List.of(F1.macro(), COHEN_KAPPA)) {
      MetricState<Labels> state = metric.newState();
      state.update(Labels.of(new int[] {0, 1, 2}, new int[] {0, 1, 1}, 3));
      byte[] before = state.toBytes();
      assertThatThrownBy(() -> state.update(Labels.of(new int[] {0}, new int[] {0}, 4)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("4 classes")
          .hasMessageContaining("3");
      assertThat(state.toBytes()).isEqualTo(before);
    }
    MetricState<Scores> area = ROC_AUC.macro().newState();
    area.update(SampleBatches.scores(new Random(1), 5, false));
    assertThatThrownBy(() -> area.update(Scores.of(new int[] {0}, new double[] {0.5, 0.5}, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 classes");
  }

  @Test
  void update_inManyThreads_mergesToTheSame() {
    Labels batch = SampleBatches.labels(new Random(3), 5_000, true);
    double whole = F1.macro().of(batch);
    MetricState<Labels> merged = F1.macro().newState();
    IntStream.range(0, 50)
        .parallel()
        .mapToObj(
            part -> {
              MetricState<Labels> state = F1.macro().newState();
              state.update(batch.select(IntStream.range(part * 100, part * 100 + 100).toArray()));
              return state;
            })
        .toList()
        .forEach(merged::merge);
    assertThat(merged.compute()).isEqualTo(whole);
  }
}
