package io.vivace.optimize.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.vivace.core.StopSignal;
import io.vivace.optimize.train.internal.TrainingEngine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ValueLossTest {
  private static final Map<String, ValueLoss> LOSSES =
      Map.of(
          "meanSquaredError", ValueLoss.meanSquaredError(),
          "cosine", ValueLoss.cosine(),
          "attention", ValueLoss.attention(),
          "similarity", ValueLoss.similarity(),
          "distances", ValueLoss.distances(),
          "angles", ValueLoss.angles(),
          "contrastive", ValueLoss.contrastive(0.1));

  /** A loss and its gradient by the student's value. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Result(double loss, float[] gradient) {}

  static List<String[]> goldens() throws IOException {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(ValueLossTest.class.getResourceAsStream("value-losses.tsv")),
                StandardCharsets.UTF_8))) {
      return in.lines().map(line -> line.split("\t", -1)).toList();
    }
  }

  private static Result result(
      ValueLoss loss, Shape shape, float[] student, Shape other, float[] teacher) {
    return TrainingEngine.alone(
        StopSignal.never(), () -> lonely(loss, shape, student, other, teacher));
  }

  private static Result lonely(
      ValueLoss loss, Shape shape, float[] student, Shape other, float[] teacher) {
    try (NDManager manager = TrainingEngine.newManager();
        GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray value = manager.create(student, shape);
      value.setRequiresGradient(true);
      loss.check(shape, other);
      NDArray result = loss.of(value, manager.create(teacher, other));
      collector.backward(result);
      return new Result(result.getFloat(), value.getGradient().toFloatArray());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("goldens")
  void loss_andGradient_equalPyTorchs(
      String name,
      String shape,
      String other,
      String student,
      String teacher,
      String loss,
      String gradient) {
    Result found =
        result(
            Objects.requireNonNull(LOSSES.get(name)),
            shape(shape),
            numbers(student),
            shape(other),
            numbers(teacher));
    assertThat(found.loss()).isCloseTo(Double.parseDouble(loss), within(2e-6));
    assertThat(found.gradient()).containsExactly(numbers(gradient), within(1e-5f));
  }

  @Test
  void goldens_coverAllLosses() throws IOException {
    assertThat(goldens())
        .extracting(line -> line[0])
        .containsExactlyInAnyOrderElementsOf(LOSSES.keySet());
  }

  private static double value(String name, float[][] student, float[][] teacher) {
    return result(
            Objects.requireNonNull(LOSSES.get(name)),
            new Shape(student.length, student[0].length),
            flat(student),
            new Shape(teacher.length, teacher[0].length),
            flat(teacher))
        .loss();
  }

  @Test
  void embeddings_byHand() {
    float[][] student = {{1, 0}, {0, 2}};
    float[][] teacher = {{0, 3}, {0, 1}};
    assertThat(value("meanSquaredError", student, teacher)).isCloseTo(11 / 4.0, within(1e-6));
    assertThat(value("cosine", student, teacher)).isCloseTo(0.5, within(1e-6));
    // Row 0 has cosines 0 and 0, row 1 has 1 and 1: no teacher's row is nearer than the other.
    assertThat(value("contrastive", student, teacher)).isCloseTo(Math.log(2), within(1e-6));
  }

  @Test
  void relations_byHand() {
    // Products: the identity for the student, all equal for the teacher: rows (1,1)/sqrt(2).
    float[][] right = {{1, 0}, {0, 1}};
    float[][] same = {{1, 0}, {1, 0}};
    double near = 1 - Math.sqrt(0.5);
    assertThat(value("similarity", right, same))
        .isCloseTo((2 * near * near + 2 * 0.5) / 4, within(1e-6));
    // Distances 1, 1, 2 against 1, 1, 1, by their means: 0.75, 0.75, 1.5 against 1.
    float[][] line = {{0}, {1}, {2}};
    float[][] triangle = {{0, 0}, {1, 0}, {0.5f, (float) Math.sqrt(0.75)}};
    double huber = 2 * (2 * 0.0625 + 0.25) / 2;
    assertThat(value("distances", line, triangle)).isCloseTo(huber / 9, within(1e-6));
    // Angles of 0, 180 and 0 degrees against 60, twice each; a side with itself is 1 in both.
    double corners = 2 * (0.125 + (1 + 0.5 - 0.5) + 0.125);
    assertThat(value("angles", line, triangle)).isCloseTo(corners / 27, within(1e-6));
  }

  @Test
  void attention_byHand_ignoresChannelsAndScale() {
    Shape two = new Shape(1, 2, 1, 2);
    Shape one = new Shape(1, 1, 1, 2);
    // Maps (9 + 0, 0 + 16)/|.| = (9, 16)/sqrt(337) and (1, 0).
    double unit = Math.sqrt(337);
    double expected = Math.pow(9 / unit - 1, 2) + 256 / 337.0;
    double found =
        result(ValueLoss.attention(), two, new float[] {3, 0, 0, 4}, one, new float[] {-7, 0})
            .loss();
    assertThat(found).isCloseTo(expected, within(1e-6));
  }

  @Test
  void equalRowsAndZeros_haveFiniteGradients() {
    for (Map.Entry<String, ValueLoss> each : LOSSES.entrySet()) {
      boolean map = each.getKey().equals("attention");
      Shape shape = map ? new Shape(3, 2, 1, 1) : new Shape(3, 2);
      Result found =
          result(each.getValue(), shape, new float[6], shape, new float[] {1, 1, 1, 1, 2, 1});
      assertThat(Double.isFinite(found.loss())).as(each.getKey()).isTrue();
      for (float number : found.gradient()) {
        assertThat(Float.isFinite(number)).as(each.getKey()).isTrue();
      }
    }
  }

  @Test
  void check_ofShapesThatCannotBeCompared_isRefused() {
    assertThatThrownBy(() -> ValueLoss.cosine().check(new Shape(4, 3), new Shape(4, 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(4, 3)")
        .hasMessageContaining("project");
    assertThatThrownBy(
            () -> ValueLoss.attention().check(new Shape(4, 3, 7, 7), new Shape(4, 5, 14, 14)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("after the channels");
    ValueLoss.attention().check(new Shape(4, 3, 7, 7), new Shape(4, 5, 7, 7));
    ValueLoss.similarity().check(new Shape(4, 3), new Shape(4, 5, 7, 7));
    for (double wrong : new double[] {0, -1, 1000, Double.NaN}) {
      assertThatThrownBy(() -> ValueLoss.contrastive(wrong)).hasMessageContaining("temperature");
    }
  }

  private static Shape shape(String text) {
    return new Shape(Arrays.stream(text.split("x", -1)).mapToLong(Long::parseLong).toArray());
  }

  private static float[] numbers(String text) {
    String[] parts = text.split(" ", -1);
    float[] numbers = new float[parts.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Float.parseFloat(parts[i]);
    }
    return numbers;
  }

  private static float[] flat(float[][] rows) {
    float[] all = new float[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, all, i * rows[0].length, rows[0].length);
    }
    return all;
  }
}
