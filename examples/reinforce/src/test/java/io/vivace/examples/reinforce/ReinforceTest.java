package io.vivace.examples.reinforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vivace.core.Predictor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReinforceTest {
  @TempDir Path folder;

  private static Episode episode(int steps) {
    Episode episode = new Episode();
    for (int i = 0; i < steps; i++) {
      episode.add(new float[4], i % 2);
    }
    return episode;
  }

  @Test
  void returns_discountWhatComesLater() {
    assertThat(episode(3).returns(0.5)).containsExactly(1.75, 1.5, 1);
  }

  /** Returns 3 2 1 and 1: the means are 2 1 0.5, the differences 1 1 0.5 and -1. */
  @Test
  void advantages_areTakenFromTheMeanOfTheSameStep() {
    Baseline baseline = Baseline.of(List.of(episode(3), episode(1)), 1);
    double deviation = Math.sqrt((1 + 1 + 0.25 + 1) / 4);

    assertThat(baseline.advantages(episode(3)))
        .containsExactly(
            new double[] {1 / deviation, 1 / deviation, 0.5 / deviation}, within(1e-12));
    assertThat(baseline.advantages(episode(1))[0]).isCloseTo(-1 / deviation, within(1e-12));
    assertThat(Baseline.of(List.of(episode(2)), 1).advantages(episode(2))).containsExactly(0, 0);
  }

  @Test
  void play_asksTheGivenPolicy_andSamplesByProbability() {
    // Pushes towards the side to which the pole falls: that balances for a while.
    try (Predictor<float[], float[]> rule =
        Predictor.of(seen -> new float[] {0, seen[2] + seen[3]})) {
      List<Episode> good = Game.play(rule, Game.best(), 20, new SplittableRandom(1));
      assertThat(Game.meanReturn(good)).isGreaterThan(150);
    }
    int right = 0;
    Game.Choice choice = Game.sampled(new SplittableRandom(2));
    for (int i = 0; i < 4000; i++) {
      right += choice.of(new float[] {0, (float) Math.log(3)});
    }
    assertThat(right).isBetween(2900, 3100); // three of four
  }

  @Test
  void sameSeed_givesTheSameCurve() {
    List<Double> first = curve(5, 4);

    assertThat(curve(5, 4)).isEqualTo(first);
    assertThat(curve(6, 4)).isNotEqualTo(first);
  }

  private static List<Double> curve(long seed, int rounds) {
    List<Double> curve = new ArrayList<>();
    try (PolicyGradient learner = new PolicyGradient(seed, rounds)) {
      for (int i = 0; i < rounds; i++) {
        curve.add(learner.round());
      }
    }
    return curve;
  }

  @Test
  void fullTraining_balancesThePole_onOnnxRuntime() throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();

    List<Double> returns =
        Reinforce.run(
            new PrintStream(text, true, StandardCharsets.UTF_8),
            folder,
            List.of(1L),
            Reinforce.ROUNDS);

    assertThat(returns).hasSize(1).allMatch(earned -> earned >= 475);
    assertThat(folder.resolve("cart-pole-1.onnx")).isNotEmptyFile();
    assertThat(text.toString(StandardCharsets.UTF_8))
        .contains("round   1", "round 100", "served by ONNX Runtime: mean return");
  }
}
