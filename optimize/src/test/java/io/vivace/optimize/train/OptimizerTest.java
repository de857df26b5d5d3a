package io.vivace.optimize.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import io.vivace.core.StopSignal;
import io.vivace.optimize.train.internal.TrainingEngine;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Expected weights: PyTorch 2.13's optimizers of the same names, after five steps in float32. */
class OptimizerTest {
  static Stream<Arguments> rules() {
    return Stream.of(
        Arguments.of(Optimizer.sgd(0.1), new float[] {0.66384f, 0.3056f, 2.759802f}),
        Arguments.of(
            Optimizer.sgd(0.1).weightDecay(0.05), new float[] {0.6504613f, 0.3078536f, 2.6908488f}),
        Arguments.of(Optimizer.momentum(0.1, 0.9), new float[] {0.20979f, 2.3225f, 2.3732913f}),
        Arguments.of(
            Optimizer.momentum(0.1, 0.9).weightDecay(0.05),
            new float[] {0.1816397f, 2.293668f, 2.1949844f}),
        Arguments.of(Optimizer.adam(0.1), new float[] {0.5278145f, -1.5022246f, 2.502225f}),
        Arguments.of(
            Optimizer.adam(0.1).weightDecay(0.05),
            new float[] {0.5264812f, -1.5022315f, 2.5021193f}),
        Arguments.of(Optimizer.adamW(0.1, 0.05), new float[] {0.5106028f, -1.4579538f, 2.4333472f}),
        Arguments.of(
            Optimizer.adam(0.1).betas(0.8, 0.95),
            new float[] {0.5356684f, -1.5033739f, 2.503374f}));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void apply_movesWeights_asPyTorchDoes(Optimizer optimizer, float[] expected) {
    assertThat(TrainingEngine.alone(StopSignal.never(), () -> after5Steps(optimizer)))
        .containsExactly(expected, within(2e-6f));
  }

  private static float[] after5Steps(Optimizer optimizer) {
    try (NDManager manager = TrainingEngine.newManager()) {
      NDArray weight = manager.create(new float[] {1, -2, 3});
      weight.setRequiresGradient(true);
      OptimizerState state = new OptimizerState(optimizer, Map.of("w", weight), manager);
      NDArray scale = manager.create(new float[] {1, 2, 0.1f});
      for (int step = 1; step <= 5; step++) {
        try (GradientCollector collector = TrainingEngine.find().newGradientCollector()) {
          collector.backward(weight.sub(0.5f).square().mul(scale).sum());
        }
        state.apply(step, optimizer.rate(0, 1));
      }
      return weight.toFloatArray();
    }
  }

  @Test
  void schedules_changeTheRate_asTheirFormulasSay() {
    Optimizer stepped = Optimizer.sgd(1).schedule(Schedule.step(2, 0.1));
    assertThat(stepped.rate(1.9, 10)).isEqualTo(1);
    assertThat(stepped.rate(2, 10)).isCloseTo(0.1, within(1e-12));
    assertThat(stepped.rate(5.5, 10)).isCloseTo(0.01, within(1e-12));
    Optimizer cosine = Optimizer.sgd(2).schedule(Schedule.cosine());
    assertThat(cosine.rate(0, 10)).isEqualTo(2);
    assertThat(cosine.rate(5, 10)).isCloseTo(1, within(1e-12));
    assertThat(cosine.rate(10, 10)).isCloseTo(0, within(1e-12));
    Optimizer warm = Optimizer.sgd(1).schedule(Schedule.cosine().warmUp(2));
    assertThat(warm.rate(0, 10)).isEqualTo(0);
    assertThat(warm.rate(0.5, 10)).isEqualTo(0.25);
    assertThat(warm.rate(2, 10)).isEqualTo(1);
    assertThat(warm.rate(6, 10)).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void numbersOutOfRange_areRefused() {
    assertThatThrownBy(() -> Optimizer.adam(Double.NaN)).hasMessageContaining("rate");
    assertThatThrownBy(() -> Optimizer.momentum(0.1, 1)).hasMessageContaining("momentum");
    assertThatThrownBy(() -> Optimizer.sgd(0.1).betas(0.9, 0.9)).hasMessageContaining("betas");
    assertThatThrownBy(() -> Optimizer.sgd(0.1).weightDecay(-1)).hasMessageContaining("decay");
    assertThatThrownBy(() -> Schedule.step(0, 0.5)).hasMessageContaining("every");
  }
}
