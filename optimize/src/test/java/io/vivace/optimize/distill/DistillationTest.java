package io.vivace.optimize.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.vivace.core.Predictor;
import io.vivace.core.data.Dataset;
import io.vivace.optimize.train.Loss;
import io.vivace.optimize.train.internal.TrainingEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistillationTest {
  private static final float[][] STUDENT = {{1, -2, 0.5f}, {0.3f, 0.2f, -0.1f}};
  private static final float[][] TEACHER = {{2, -1, 0}, {-1, 0.5f, 3}};
  private static final float[][] OTHER = {{0, 0, 1}, {1, 1, 1}};

  /** PyTorch 2.13 in float64: T squared times kl_div of the soft scores, batchmean. */
  private static final double KL1 = 0.5657955;

  private static final double KL4 = 0.9605206;
  private static final double TWO = 0.5082853;
  private static final double HALF_CE = 0.6729553;

  @TempDir Path folder;

  private static Predictor<Integer, float[]> table(float[][] rows) {
    return Predictor.of(row -> rows[row]);
  }

  private static double value(Distillation<Integer, Integer> distillation, boolean labelled) {
    Dataset<Integer, Integer> known =
        labelled ? Dataset.of(List.of(1), List.of(2)) : Dataset.of(List.of(), List.of());
    List<Integer> unknown = labelled ? List.of(0) : List.of(1, 0);
    Dataset<Integer, Lesson<Integer>> lessons = distillation.of(known, unknown);
    try (NDManager manager = TrainingEngine.newManager()) {
      NDList outputs = new NDList(manager.create(new float[][] {STUDENT[1], STUDENT[0]}));
      return distillation
          .loss()
          .of(outputs, lessons.labels())
          .toType(DataType.FLOAT32, false)
          .getFloat();
    }
  }

  private static Distillation<Integer, Integer> from(float[][] teacher) {
    return Distillation.from(table(teacher), Loss.crossEntropy());
  }

  @Test
  void loss_equalsPyTorchsDivergence_timesTemperatureSquared() {
    assertThat(value(from(TEACHER).temperature(1), false)).isCloseTo(KL1, within(1e-5));
    assertThat(value(from(TEACHER).temperature(4), false)).isCloseTo(KL4, within(1e-5));
    Distillation<Integer, Integer> two =
        from(TEACHER).temperature(2).teacher(table(OTHER), 1 / 3.0);
    assertThat(value(two, false)).isCloseTo(TWO, within(1e-5));
    assertThat(value(from(TEACHER).temperature(4).weights(2, 0.5), true))
        .isCloseTo(KL4 / 2 + 2 * HALF_CE, within(1e-5));
    assertThat(value(from(STUDENT), false)).isCloseTo(0, within(1e-5));
  }

  @Test
  void cache_isUsedForTheSameInputsOnly() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    Predictor<float[], float[]> counting =
        Predictor.of(
            item -> {
              asked.incrementAndGet();
              return new float[] {item[0], 1};
            });
    Path file = folder.resolve("answers");
    Distillation<float[], Integer> distillation =
        Distillation.<float[], Integer>from(counting, Loss.crossEntropy()).cache(file);
    Dataset<float[], Integer> none = Dataset.of(List.of(), List.of());
    List<float[]> inputs = numbers(1);
    Dataset<float[], Lesson<Integer>> first = distillation.of(none, inputs);
    assertThat(asked.getAndSet(0)).isEqualTo(20);
    Dataset<float[], Lesson<Integer>> again = distillation.of(none, inputs);
    assertThat(asked.getAndSet(0)).isEqualTo(3);
    assertThat(again.get(2).label().answers().get(0))
        .isEqualTo(first.get(2).label().answers().get(0));

    distillation.of(none, numbers(2));
    assertThat(asked.getAndSet(0)).isEqualTo(20);
    byte[] good = Files.readAllBytes(file);
    byte[] flipped = good.clone();
    flipped[good.length / 2] ^= 1;
    for (byte[] damaged :
        List.of(Arrays.copyOf(good, good.length - 3), Arrays.copyOf(good, 9), flipped)) {
      Files.write(file, damaged);
      distillation.of(none, numbers(2));
      assertThat(asked.getAndSet(0)).isEqualTo(20);
      assertThat(Files.readAllBytes(file)).isEqualTo(good);
    }
  }

  @Test
  void cache_ofAnotherTeacher_isWrittenAnew() {
    Path file = folder.resolve("answers");
    for (float shift : new float[] {0, 1}) {
      Predictor<float[], float[]> teacher = Predictor.of(item -> new float[] {item[0] + shift, 1});
      Distillation<float[], Integer> distillation =
          Distillation.<float[], Integer>from(teacher, Loss.crossEntropy()).cache(file);
      Lesson<Integer> lesson =
          distillation.of(Dataset.of(List.of(), List.of()), numbers(1)).get(2).label();
      assertThat(lesson.answers().get(0)).containsExactly(3 + shift, 1);
    }
  }

  private static List<float[]> numbers(int first) {
    return IntStream.range(first, first + 20).mapToObj(i -> new float[] {i}).toList();
  }

  @Test
  void teacher_whoseAnswersDoNotFit_isRefused() {
    assertThatThrownBy(() -> value(from(new float[][] {{1, 2}, {1, 2}}), false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("teacher 0 gives 2 scores, but the student gives 3");
    assertThatThrownBy(() -> value(from(new float[][] {{1, 2}, {1, 2, 3}}), false))
        .hasMessageContaining("differ in length");
    assertThatThrownBy(() -> value(from(new float[][] {{1, 2, 3}, {1, Float.NaN, 3}}), false))
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> new Lesson<>(Optional.of(1), List.of()))
        .hasMessageContaining("at least one teacher");
    assertThatThrownBy(() -> from(TEACHER).temperature(0)).hasMessageContaining("temperature");
  }
}
