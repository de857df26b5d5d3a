package io.vivace.optimize.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.data.Dataset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class EarlyStoppingTest {
  /** Trains with a metric that gives these values, whatever the answers are. */
  private static TrainedModel<float[], float[]> fit(
      EarlyStopping rule, List<float[]> answers, double... values) {
    Iterator<Double> script = DoubleStream.of(values).iterator();
    List<float[]> inputs = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      inputs.add(new float[] {i % 5, i % 3});
      labels.add(i % 2);
    }
    return Trainer.block(() -> TestBlocks.mlp(4, 2))
        .input(VectorInput.floats(2))
        .output(VectorOutput.floats())
        .loss(Loss.crossEntropy())
        .epochs(values.length)
        .holdOut(0.2)
        .metric(
            "value",
            (truth, found) -> {
              answers.add(found.get(0).clone());
              return script.next();
            })
        .earlyStopping(rule)
        .build()
        .fit(Dataset.of(inputs, labels));
  }

  private static int epochs(TrainedModel<?, ?> model) {
    try (model) {
      return model.learningCurve().epochs().size();
    }
  }

  private static int best(TrainedModel<?, ?> model) {
    try (model) {
      return model.learningCurve().best().orElse(0);
    }
  }

  @Test
  void zigZag_belowTheBest_doesNotResetPatience() {
    EarlyStopping rule = EarlyStopping.maximize("value").patience(2);
    // Each second value is better than the one before, but never than the best.
    double[] values = {0.5, 0.9, 0.6, 0.8, 0.6, 0.8, 0.6, 0.95};
    assertThat(epochs(fit(rule, new ArrayList<>(), values))).isEqualTo(5);
    assertThat(best(fit(rule, new ArrayList<>(), values))).isEqualTo(2);
  }

  @Test
  void minDelta_andDirection_decideWhatIsBetter() {
    EarlyStopping rule = EarlyStopping.minimize("value").patience(1).minDelta(0.1);
    assertThat(best(fit(rule, new ArrayList<>(), 1, 0.95, 0.85, 0.8, 0.78, 0))).isEqualTo(3);
    assertThat(epochs(fit(rule, new ArrayList<>(), 1, 0.95, 0.85, 0.8, 0.78, 0))).isEqualTo(5);
    assertThat(best(fit(rule, new ArrayList<>(), Double.NaN, 2, Double.NaN, 1))).isEqualTo(4);
  }

  @Test
  void bestWeights_areGivenBack() {
    List<float[]> answers = new ArrayList<>();
    EarlyStopping rule = EarlyStopping.maximize("value").patience(9);
    try (TrainedModel<float[], float[]> model = fit(rule, answers, 1, 3, 2, 0)) {
      List<float[]> again = new ArrayList<>();
      for (int a = 0; a < 5; a++) {
        for (int b = 0; b < 3; b++) {
          again.add(model.predict(new float[] {a, b}));
        }
      }
      assertThat(again).anySatisfy(answer -> assertThat(answer).isEqualTo(answers.get(1)));
      assertThat(again).noneSatisfy(answer -> assertThat(answer).isEqualTo(answers.get(3)));
    }
  }
}
