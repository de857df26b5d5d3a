package io.vivace.evaluate.ensemble;

import static io.vivace.evaluate.metric.ClassificationMetrics.ACCURACY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.vivace.core.EngineException;
import io.vivace.core.Estimator;
import io.vivace.core.Predictor;
import io.vivace.core.PredictorClosedException;
import io.vivace.core.data.Dataset;
import io.vivace.evaluate.CrossValidation;
import io.vivace.evaluate.GoldenJson;
import io.vivace.evaluate.TestData;
import io.vivace.evaluate.TestEstimators;
import io.vivace.evaluate.split.Splitter;
import io.vivace.evaluate.split.TimeSeriesSplit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * {@code ensembles.json} holds the probabilities that scikit-learn 1.9.1 gives to every third
 * flower of iris: a StackingClassifier (stratified, 5 folds) and a VotingClassifier (soft, weights
 * 2 and 1) of GaussianNB with var_smoothing 1e-9 and 0.5; the last of the stack is GaussianNB.
 */
class StackingTest {
  private static final Dataset<double[], Integer> IRIS = TestData.iris();
  private static final List<Estimator<double[], Integer, double[]>> BASES =
      List.of(TestEstimators.bayes(3, 1e-9), TestEstimators.bayes(3, 0.5));
  private static final Stacking<double[], Integer, double[], double[]> STACKING =
      Stacking.of(BASES, scores -> scores, TestEstimators.bayes(3, 1e-9))
          .splitter(Splitter.stratified(5));

  private static JsonObject golden() {
    return GoldenJson.object(StackingTest.class, "ensembles.json");
  }

  private static void assertEqual(Predictor<double[], double[]> predictor, String name)
      throws IOException {
    JsonArray rows = golden().getAsJsonArray("rows");
    JsonArray expected = golden().getAsJsonArray(name);
    for (int i = 0; i < rows.size(); i++) {
      double[] answer = predictor.predict(IRIS.inputs().get(rows.get(i).getAsInt()));
      for (int label = 0; label < 3; label++) {
        assertThat(answer[label])
            .isCloseTo(expected.get(i).getAsJsonArray().get(label).getAsDouble(), within(1e-9));
      }
    }
  }

  @Test
  void fit_equalsScikitLearn() throws IOException {
    try (Predictor<double[], double[]> stack = STACKING.fit(IRIS)) {
      assertEqual(stack, "stacking");
    }
  }

  @Test
  void weightedSoftVote_equalsScikitLearn() throws IOException {
    Blending<double[]> weighted = Blending.of(equal -> new DoublesAverage(new double[] {2, 1}));
    try (Predictor<double[], double[]> vote = weighted.estimator(BASES).fit(IRIS)) {
      assertEqual(vote, "voting");
    }
  }

  @Test
  void crossValidation_judgesAStackAsAnyEstimator() {
    double score =
        CrossValidation.stratified(3).seed(1).run(STACKING, IRIS, ACCURACY).mean(ACCURACY);
    assertThat(score).isGreaterThan(0.9);
  }

  @Test
  void passthrough_putsTheInputFirst() {
    List<double[]> seen = new ArrayList<>();
    Estimator<double[], Integer, Integer> last =
        (training, context) -> {
          seen.addAll(training.inputs());
          return Predictor.of(row -> row.length);
        };
    Predictor<double[], Integer> stack =
        Stacking.of(BASES, scores -> scores, last).passthrough(input -> input).fit(IRIS);
    assertThat(seen).hasSize(150).allMatch(row -> row.length == 4 + 3 + 3);
    assertThat(seen.get(7)).startsWith(IRIS.inputs().get(7));
    assertThat(stack.predict(IRIS.inputs().get(0))).isEqualTo(10);
    assertThat(stack.predictEach(IRIS.inputs().subList(0, 2)).get(1).get()).isEqualTo(10);
    assertThat(stack.predictAsync(IRIS.inputs().get(0)).join()).isEqualTo(10);
    stack.close();
    assertThatExceptionOfType(PredictorClosedException.class)
        .isThrownBy(() -> stack.predict(IRIS.inputs().get(0)));
  }

  @Test
  void predictEach_baseFailsOnAnItem_failsThatItemAlone() {
    Estimator<double[], Integer, double[]> picky =
        (training, context) ->
            Predictor.of(
                input -> {
                  if (input[0] < 0) {
                    throw new IllegalStateException("negative");
                  }
                  return new double[] {input[0]};
                });
    Predictor<double[], Integer> stack =
        Stacking.of(List.of(picky), scores -> scores, TestEstimators.nearestCentroid()).fit(IRIS);
    var outcomes =
        stack.predictEach(List.of(new double[] {5}, new double[] {-1}, new double[] {6.5}));
    assertThat(outcomes.get(0).get()).isEqualTo(0);
    assertThat(outcomes.get(1).error())
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("negative");
    assertThat(outcomes.get(2).get()).isEqualTo(2);
  }

  @Test
  void fit_foldsThatLeaveExamplesOut_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> STACKING.splitter(TimeSeriesSplit.of(5)).fit(IRIS))
        .withMessageContaining("example 0 is judged in no fold");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Stacking.of(List.of(), scores -> null, TestEstimators.majority()));
  }

  @Test
  void fit_aBaseFails_closesTheOthers() {
    List<Predictor<double[], double[]>> opened = new ArrayList<>();
    Estimator<double[], Integer, double[]> opens =
        (training, context) -> {
          Predictor<double[], double[]> predictor = Predictor.of(input -> input);
          opened.add(predictor);
          return predictor;
        };
    Estimator<double[], Integer, double[]> fails =
        (training, context) -> {
          throw new IllegalStateException("no convergence");
        };
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(
            () -> Stacking.of(List.of(opens, fails), s -> s, TestEstimators.majority()).fit(IRIS));
    assertThat(opened).hasSize(1);
    assertThatExceptionOfType(PredictorClosedException.class)
        .isThrownBy(() -> opened.get(0).predict(new double[1]));
  }
}
