package io.vivace.evaluate;

import static io.vivace.evaluate.metric.ClassificationMetrics.ACCURACY;
import static io.vivace.evaluate.metric.ClassificationMetrics.F1;
import static io.vivace.evaluate.metric.RegressionMetrics.MAE;
import static io.vivace.evaluate.metric.RegressionMetrics.MSE;
import static io.vivace.evaluate.metric.RegressionMetrics.R2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.vivace.core.data.Dataset;
import io.vivace.evaluate.split.Splitter;
import io.vivace.evaluate.split.TimeSeriesSplit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cross-validation equals scikit-learn's. {@code cross-validation.json} holds what {@code
 * cross_validate}, {@code cross_val_predict}, {@code learning_curve} and {@code validation_curve}
 * of scikit-learn 1.9.1 gave for its NearestCentroid and GaussianNB on iris and wine; the group of
 * row i is {@code 7 i mod 11}. The regression is KNeighborsRegressor(3) of the first column of wine
 * by the others.
 */
class CrossValidationGoldenTest {
  private static final double TOLERANCE = 1e-12;

  private static JsonObject golden() {
    return GoldenJson.object(CrossValidationGoldenTest.class, "cross-validation.json");
  }

  static Stream<JsonObject> scores() {
    return elements(golden().getAsJsonArray("scores")).map(JsonElement::getAsJsonObject);
  }

  @ParameterizedTest
  @MethodSource("scores")
  void run_equalsScikitLearn(JsonObject golden) {
    Dataset<double[], Integer> data =
        golden.get("data").getAsString().equals("iris") ? TestData.iris() : TestData.wine();
    CrossValidation validation =
        CrossValidation.of(splitter(golden.get("split").getAsString()))
            .groups(IntStream.range(0, data.size()).mapToObj(i -> i * 7 % 11).toList());
    CrossValidationResult<?> result =
        golden.get("estimator").getAsString().equals("bayes")
            ? validation.run(TestEstimators.bayes(3, 1e-9), data, ACCURACY, F1.macro())
            : validation.run(TestEstimators.nearestCentroid(), data, ACCURACY, F1.macro());

    double[] accuracy = doubles(golden.getAsJsonArray("accuracy"));
    if (accuracy.length == 1) {
      assertThat(result.mean(ACCURACY)).isCloseTo(accuracy[0], within(TOLERANCE));
    } else {
      assertThat(result.scores(ACCURACY).values()).containsExactly(accuracy, within(TOLERANCE));
    }
    double[] pooled = doubles(golden.getAsJsonArray("pooled"));
    assertThat(result.pooled(ACCURACY)).isCloseTo(pooled[0], within(TOLERANCE));
    assertThat(result.pooled(F1.macro())).isCloseTo(pooled[1], within(TOLERANCE));
    assertThat(predicted(result.outOfFold())).isEqualTo(golden.get("predicted").getAsString());
    // scikit-learn leaves classes out that a fold does not have; here the classes are fixed.
    if (List.of("stratified5", "group3").contains(golden.get("split").getAsString())) {
      assertThat(result.scores(F1.macro()).values())
          .containsExactly(doubles(golden.getAsJsonArray("f1")), within(TOLERANCE));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"kFold4", "series4gap2", "series3max40"})
  void run_regression_equalsScikitLearn(String split) {
    Dataset<double[], Integer> wine = TestData.wine();
    Dataset<double[], Double> data =
        Dataset.of(
            wine.inputs().stream().map(row -> Arrays.copyOfRange(row, 1, row.length)).toList(),
            wine.inputs().stream().map(row -> row[0]).toList());
    Splitter splitter =
        switch (split) {
          case "kFold4" -> Splitter.kFold(4);
          case "series4gap2" -> TimeSeriesSplit.of(4).gap(2);
          default -> TimeSeriesSplit.of(3).maxTrainingSize(40);
        };
    CrossValidationResult<Double> result =
        CrossValidation.of(splitter).run(TestEstimators.neighbours(3), data, MSE, MAE, R2);
    JsonObject golden = golden().getAsJsonObject("regression").getAsJsonObject(split);
    Map.of("mse", MSE, "mae", MAE, "r2", R2)
        .forEach(
            (name, metric) ->
                assertThat(result.scores(metric).values())
                    .as(name)
                    .containsExactly(doubles(golden.getAsJsonArray(name)), within(TOLERANCE)));
  }

  private static String predicted(OutOfFold<?> answers) {
    assertThat(answers.isComplete()).isTrue();
    return IntStream.range(0, answers.size())
        .mapToObj(row -> answers.answer(row).orElseThrow())
        .map(answer -> answer instanceof double[] scores ? highest(scores) : answer.toString())
        .collect(Collectors.joining());
  }

  private static String highest(double[] scores) {
    double top = Arrays.stream(scores).max().orElseThrow();
    return Integer.toString(Arrays.stream(scores).boxed().toList().indexOf(top));
  }

  private static Splitter splitter(String name) {
    return switch (name) {
      case "stratified5" -> Splitter.stratified(5);
      case "kFold4" -> Splitter.kFold(4);
      case "group3" -> Splitter.group(3);
      default -> Splitter.leaveOneOut();
    };
  }

  @Test
  void learningCurve_equalsScikitLearn() {
    JsonObject golden = golden().getAsJsonObject("learningCurve");
    ScoreCurve<Integer> curve =
        CrossValidation.stratified(5)
            .learningCurve(
                TestEstimators.bayes(3, 1e-9),
                TestData.wine(),
                Scorer.classification(List.of(0, 1, 2)),
                ACCURACY,
                0.4,
                0.7,
                1.0);
    assertThat(curve.points())
        .extracting(point -> (double) point.parameter())
        .containsExactly(boxed(golden.getAsJsonArray("sizes")));
    assertCurve(curve, golden);
  }

  @Test
  void validationCurve_equalsScikitLearn() {
    JsonObject golden = golden().getAsJsonObject("validationCurve");
    ScoreCurve<Double> curve =
        CrossValidation.stratified(5)
            .validationCurve(
                List.of(boxed(golden.getAsJsonArray("values"))),
                smoothing -> TestEstimators.bayes(3, smoothing),
                TestData.wine(),
                Scorer.classification(List.of(0, 1, 2)),
                ACCURACY);
    assertCurve(curve, golden);
  }

  private static void assertCurve(ScoreCurve<?> curve, JsonObject golden) {
    for (int i = 0; i < curve.points().size(); i++) {
      ScoreCurve.Point<?> point = curve.points().get(i);
      assertThat(point.training().values())
          .containsExactly(
              doubles(golden.getAsJsonArray("training").get(i).getAsJsonArray()),
              within(TOLERANCE));
      assertThat(point.test().values())
          .containsExactly(
              doubles(golden.getAsJsonArray("test").get(i).getAsJsonArray()), within(TOLERANCE));
    }
  }

  private static double[] doubles(JsonArray array) {
    return elements(array).mapToDouble(JsonElement::getAsDouble).toArray();
  }

  private static Double[] boxed(JsonArray array) {
    return elements(array).map(JsonElement::getAsDouble).toArray(Double[]::new);
  }

  private static Stream<JsonElement> elements(JsonArray array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
