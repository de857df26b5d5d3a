package io.vivace.optimize.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import io.vivace.optimize.train.internal.TrainingEngine;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Expected losses: PyTorch 2.13 in float64. */
class LossTest {
  private static final float[][] SCORES = {
    {1, -2, 0.5f}, {0.3f, 0.2f, -0.1f}, {-1.5f, 2, 4}, {0, 0, 0}
  };
  private static final List<Integer> CLASSES = List.of(0, 1, 2, 1);
  private static final float[][] NUMBERS = {{0.5f, -1}, {3, 0}};
  private static final List<float[]> TRUTH = List.of(new float[] {0, 1.5f}, new float[] {1, 0.25f});

  private static <Y> double value(Loss<Y> loss, float[][] outputs, List<Y> labels) {
    try (NDManager manager = TrainingEngine.newManager()) {
      return Step.scalar(loss.of(new NDList(manager.create(outputs)), labels));
    }
  }

  @Test
  void crossEntropy_equalsPyTorch() {
    CrossEntropy plain = Loss.crossEntropy();
    CrossEntropy weighted = plain.weights(1, 2, 0.5);
    assertThat(value(plain, SCORES, CLASSES)).isCloseTo(0.69491026, within(1e-6));
    assertThat(value(weighted, SCORES, CLASSES)).isCloseTo(0.88343699, within(1e-6));
    assertThat(value(plain.smoothing(0.1), SCORES, CLASSES)).isCloseTo(0.78824359, within(1e-6));
    assertThat(value(weighted.smoothing(0.1), SCORES, CLASSES)).isCloseTo(0.94981295, within(1e-6));
    assertThat(value(Loss.focal(2), SCORES, CLASSES)).isCloseTo(0.25237244, within(1e-6));
    assertThat(value(Loss.focal(0), SCORES, CLASSES)).isCloseTo(0.69491026, within(1e-6));
  }

  @Test
  void differences_equalPyTorch() {
    assertThat(value(Loss.meanSquaredError(), NUMBERS, TRUTH)).isCloseTo(2.640625, within(1e-6));
    assertThat(value(Loss.meanAbsoluteError(), NUMBERS, TRUTH)).isCloseTo(1.3125, within(1e-6));
    assertThat(value(Loss.huber(1), NUMBERS, TRUTH)).isCloseTo(0.9140625, within(1e-6));
    assertThat(value(Loss.huber(2), NUMBERS, TRUTH)).isCloseTo(1.2890625, within(1e-6));
    Loss<float[]> sum = Loss.meanSquaredError().plus(0.5, Loss.meanAbsoluteError());
    assertThat(value(sum, NUMBERS, TRUTH)).isCloseTo(2.640625 + 0.65625, within(1e-6));
  }

  @Test
  void number_isThereUntilTheGradientIsComputed() {
    List<ByteBuffer> rubbish = new ArrayList<>();
    for (int round = 0; round < 20; round++) {
      rubbish.clear();
      try (NDManager manager = TrainingEngine.newManager();
          GradientCollector collector = TrainingEngine.find().newGradientCollector()) {
        NDArray x = manager.create(new float[] {1, -2});
        x.setRequiresGradient(true);
        NDArray y = x;
        for (int i = 0; i < 50; i++) {
          y = y.mul(Loss.number(y, i % 2 == 0 ? 4 : 0.25));
        }
        System.gc(); // frees what nobody holds, and others write there
        for (int i = 0; i < 2_000; i++) {
          rubbish.add(ByteBuffer.allocateDirect(4).putInt(-1).flip());
        }
        collector.backward(y.sum());
        assertThat(x.getGradient().toFloatArray()).containsExactly(1, 1);
        assertThat(rubbish).hasSize(2_000);
      }
    }
  }

  @Test
  void labels_thatDoNotFit_areRefused() {
    assertThatThrownBy(() -> value(Loss.crossEntropy(), SCORES, List.of(0, 1, 3, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("class 3")
        .hasMessageContaining("0 to 2");
    assertThatThrownBy(() -> value(Loss.crossEntropy(), SCORES, List.of(0, 1)))
        .hasMessageContaining("[2, classes]");
    assertThatThrownBy(() -> value(Loss.crossEntropy().weights(1, 1), SCORES, CLASSES))
        .hasMessageContaining("2 class weights");
    assertThatThrownBy(
            () -> value(Loss.meanSquaredError(), NUMBERS, List.of(new float[1], new float[1])))
        .hasMessageContaining("2 numbers a row");
    assertThatThrownBy(() -> Loss.crossEntropy().check(List.of(3, 3)))
        .hasMessageContaining("nothing to tell apart");
    assertThatThrownBy(() -> Loss.crossEntropy().check(List.of(3, -1)))
        .hasMessageContaining("example 1 is -1");
    assertThatThrownBy(() -> Loss.huber(1).check(List.of(new float[] {Float.NaN})))
        .hasMessageContaining("clean the data");
  }
}
