package io.vivace.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.data.Dataset;
import io.vivace.core.data.FeatureScaling;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class EstimatorTest {
  private static final Dataset<double[], String> TRAINING =
      Dataset.of(List.of(new double[] {2}, new double[] {6}), List.of("a", "b"));

  /** Answers with the label of the training example that has the nearest feature. */
  private static Predictor<double[], String> nearest(Dataset<double[], String> training) {
    return Predictor.of(
        x ->
            Math.abs(x[0] - training.get(0).input()[0])
                    < Math.abs(x[0] - training.get(1).input()[0])
                ? training.get(0).label()
                : training.get(1).label());
  }

  @Test
  void then_fitsThePreparationToTheTrainingExamplesAlone() {
    List<Double> seen = new ArrayList<>();
    Estimator<double[], String, String> spy =
        (training, context) -> {
          training.inputs().forEach(x -> seen.add(x[0]));
          context.validation().orElseThrow().inputs().forEach(x -> seen.add(x[0]));
          assertThat(context.seed()).isEqualTo(7);
          return nearest(training);
        };
    FitContext<double[], String> context =
        FitContext.<double[], String>defaults()
            .seed(7)
            .validation(Dataset.of(List.of(new double[] {8}), List.of("b")));

    try (Predictor<double[], String> both =
        Estimator.<String>preparing(FeatureScaling.minMax()).then(spy).fit(TRAINING, context)) {
      assertThat(seen).containsExactly(0.0, 1.0, 1.5);
      assertThat(both.predict(new double[] {3})).isEqualTo("a");
      assertThat(both.predictAsync(new double[] {5}).join()).isEqualTo("b");
      assertThat(both.predictAll(List.of(new double[] {5}, new double[] {3})))
          .containsExactly("b", "a");
    }
  }

  @Test
  void chain_badItem_failsAlone_andClosesBoth() {
    Predictor<double[], String> both =
        Estimator.<String>preparing(FeatureScaling.minMax())
            .then((training, context) -> nearest(training))
            .fit(TRAINING);

    List<Outcome<String>> outcomes =
        both.predictEach(List.of(new double[] {3}, new double[2], new double[] {5}));

    assertThat(outcomes.get(0).get()).isEqualTo("a");
    assertThat(outcomes.get(1).error())
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("an example must have 1 features, but has 2");
    assertThat(outcomes.get(2).get()).isEqualTo("b");
    both.close();
    both.close();
    assertThatThrownBy(() -> both.predict(new double[] {3}))
        .isInstanceOf(PredictorClosedException.class);
  }

  @Test
  void chain_thatCannotBeFitted_closesTheFirst() {
    Predictor<double[], double[]> features = Predictor.of(x -> x);
    Estimator<double[], String, double[]> first = (training, context) -> features;
    Estimator<double[], String, String> failing =
        (training, context) -> {
          throw new IllegalArgumentException("nothing to learn");
        };

    assertThatThrownBy(() -> first.then(failing).fit(TRAINING)).hasMessage("nothing to learn");
    assertThatThrownBy(() -> features.predict(new double[1]))
        .isInstanceOf(PredictorClosedException.class);
    Predictor<double[], double[]> others = Predictor.of(x -> x);
    Estimator<double[], String, double[]> stopped = (training, context) -> others;
    assertThatThrownBy(
            () ->
                stopped
                    .then((training, context) -> nearest(training))
                    .fit(TRAINING, FitContext.<double[], String>defaults().stopSignal(() -> true)))
        .isInstanceOf(CancellationException.class);
    assertThatThrownBy(() -> others.predict(new double[1]))
        .isInstanceOf(PredictorClosedException.class);
  }
}
