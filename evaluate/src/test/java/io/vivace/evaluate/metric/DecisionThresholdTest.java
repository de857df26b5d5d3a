package io.vivace.evaluate.metric;

import static io.vivace.evaluate.metric.ClassificationMetrics.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DecisionThresholdTest {
  private static final Scores SCORES =
      Scores.binary(new int[] {0, 0, 1, 0, 1, 1}, new double[] {0.1, 0.2, 0.3, 0.4, 0.6, 0.9});

  @Test
  void on_handWorkedScores_findsTheBest() {
    DecisionThreshold.Choice f1 = DecisionThreshold.optimize(F1).on(SCORES);
    assertThat(f1.threshold()).isEqualTo(0.3); // tp 3, fp 1: 6/7; at 0.6: 4/5
    assertThat(f1.value()).isEqualTo(6 / 7.0);
    DecisionThreshold.Choice accuracy = DecisionThreshold.optimize(ACCURACY).on(SCORES);
    assertThat(accuracy.threshold()).isEqualTo(0.6); // 5/6 there and at 0.3
    assertThat(accuracy.value()).isEqualTo(5 / 6.0);
    assertThat(DecisionThreshold.optimize(HAMMING_LOSS).on(SCORES).threshold()).isEqualTo(0.6);
  }

  @Test
  void on_scoresAndConditions_keepsThem() {
    DecisionThreshold.Choice choice =
        DecisionThreshold.optimize(RECALL).subjectTo(PRECISION, 0.9).on(SCORES);
    assertThat(choice.threshold()).isEqualTo(0.6);
    assertThat(choice.value()).isEqualTo(2 / 3.0);
    assertThatThrownBy(
            () -> DecisionThreshold.optimize(RECALL).subjectTo(ACCURACY, 0.95).on(SCORES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none of 7 thresholds")
        .hasMessageContaining("accuracy >= 0.95");
  }

  @Test
  void on_negativesAlone_saysNever() {
    Scores negatives = Scores.binary(new int[] {0, 0}, new double[] {0.3, 0.8});
    assertThat(DecisionThreshold.optimize(ACCURACY).on(negatives).threshold()).isInfinite();
  }

  @Test
  void on_randomScores_isNoWorseThanAnyOtherThreshold() {
    Random random = new Random(4);
    int[] truth = random.ints(80, 0, 2).toArray();
    double[] values =
        IntStream.of(truth)
            .mapToDouble(t -> Math.round(10 * (t + random.nextGaussian())))
            .toArray();
    Scores scores =
        Scores.binary(truth, values).weighted(random.ints(80, 0, 4).asDoubleStream().toArray());
    for (Metric<Labels> metric :
        List.of(F1, ACCURACY, MATTHEWS_CORRELATION, BALANCED_ACCURACY, COHEN_KAPPA)) {
      DecisionThreshold.Choice choice = DecisionThreshold.optimize(metric).on(scores);
      assertThat(metric.of(scores.toLabels(choice.threshold()))).isEqualTo(choice.value());
      assertThat(DoubleStream.of(values).map(t -> metric.of(scores.toLabels(t))).boxed())
          .allMatch(value -> !metric.goal().isBetter(value, choice.value()));
    }
  }
}
