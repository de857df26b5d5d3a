package io.vivace.evaluate;

import static io.vivace.evaluate.metric.ClassificationMetrics.ACCURACY;
import static io.vivace.evaluate.metric.ClassificationMetrics.F1;
import static io.vivace.evaluate.metric.ClassificationMetrics.LOG_LOSS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.vivace.core.EngineException;
import io.vivace.core.Predictor;
import io.vivace.core.codec.Classification;
import io.vivace.core.codec.ClassificationOutput;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.data.Dataset;
import io.vivace.core.model.ModelSource;
import io.vivace.core.testing.StubModel;
import io.vivace.evaluate.metric.Column;
import io.vivace.evaluate.metric.Goal;
import io.vivace.evaluate.metric.Interval;
import io.vivace.evaluate.metric.Labels;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EvaluatorTest {
  /** Row i has class i mod 2. */
  private static final Dataset<Integer, Integer> DATA =
      Dataset.of(
          IntStream.range(0, 400).boxed().toList(),
          IntStream.range(0, 400).mapToObj(i -> i % 2).toList());

  private static final Evaluator<Integer, Object> EVALUATOR =
      Evaluator.<Integer, Object>classification(List.of(0, 1)).metrics(ACCURACY, F1).resamples(200);

  /** Wrong on every n-th row. */
  private static Predictor<Integer, Integer> wrongEvery(int n) {
    return Predictor.of(i -> i % n == 0 ? 1 - i % 2 : i % 2);
  }

  private static Predictor<Integer, Integer> failingEvery(int n) {
    return Predictor.of(
        i -> {
          if (i % n == 0) {
            throw new IllegalStateException("row " + i);
          }
          return i % 2;
        });
  }

  @Test
  void on_severalCandidates_areTestedAgainstTheFirst() {
    MetricTable table =
        EVALUATOR
            .candidate("poor", wrongEvery(4))
            .candidate("good", wrongEvery(20))
            .candidate("alike", wrongEvery(4))
            .on(DATA);
    assertThat(table.names()).containsExactly("poor", "good", "alike");
    assertThat(table.columns()).extracting(Column::name).startsWith("accuracy");
    MetricTable.Cell good = table.cell("good", ACCURACY);
    assertThat(good.value()).isEqualTo(0.95);
    assertThat(good.best()).isTrue();
    assertThat(good.interval()).isEqualTo(Interval.wilson(380, 400, 0.95));
    assertThat(good.comparison().difference()).isCloseTo(0.2, within(1e-12));
    assertThat(good.comparison().significance()).isEqualTo(Comparison.Significance.BETTER);
    assertThat(good.comparison().interval().contains(0.2)).isTrue();
    MetricTable.Cell alike = table.cell("alike", ACCURACY);
    assertThat(alike.comparison().pValue()).isEqualTo(1);
    assertThat(alike.comparison().significance()).isEqualTo(Comparison.Significance.UNDECIDED);
    assertThat(table.cell("poor", ACCURACY).comparison()).isNull();
    assertThat(table.compare(ACCURACY, "poor", "good").significance())
        .isEqualTo(Comparison.Significance.WORSE);
  }

  @Test
  void on_baseline_isTheNamedOne() {
    MetricTable table =
        EVALUATOR
            .candidate("a", wrongEvery(5))
            .candidate("b", wrongEvery(7))
            .baseline("b")
            .on(DATA);
    assertThat(table.baseline()).isEqualTo("b");
    assertThat(table.cell("b", ACCURACY).comparison()).isNull();
    assertThat(table.cell("a", ACCURACY).comparison().difference()).isNegative();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EVALUATOR.candidate("a", wrongEvery(5)).baseline("c"))
        .withMessage("no candidate c, but [a]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EVALUATOR.candidate("a", wrongEvery(5)).candidate("a", wrongEvery(6)))
        .withMessage("two candidates are called a");
  }

  /** Class 1 is found, class 0 is not: each weight decides how much that counts. */
  @Test
  void on_weights_countInValuesIntervalsAndTests() {
    double[] weights = IntStream.range(0, 400).mapToDouble(i -> i % 2 == 0 ? 1 : 3).toArray();
    MetricTable table =
        EVALUATOR
            .weights(weights)
            .candidate("ones", Predictor.of((Integer i) -> 1))
            .candidate("zeros", Predictor.of(i -> 0))
            .on(DATA);
    MetricTable.Cell ones = table.cell("ones", ACCURACY);
    assertThat(ones.value()).isEqualTo(0.75);
    assertThat(ones.interval().method()).startsWith("bootstrap BCa");
    assertThat(ones.interval().contains(0.75)).isTrue();
    assertThat(table.cell("zeros", ACCURACY).comparison().difference()).isEqualTo(-0.5);
    assertThat(table.provenance().facts().get("settings")).containsEntry("weights", "given");
  }

  @Test
  void on_weights_skipRowsThatFail() {
    double[] weights = IntStream.range(0, 400).mapToDouble(i -> i % 4 == 0 ? 1000 : 1).toArray();
    Evaluation evaluation = EVALUATOR.weights(weights).evaluate("failing", failingEvery(4), DATA);
    assertThat(evaluation.batch(Labels.class).orElseThrow().weights())
        .hasSize(300)
        .containsOnly(1.0);
  }

  @Test
  void weights_thatDoNotFit_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EVALUATOR.weights(1, -1))
        .withMessage("weights must be finite and at least 0, but that of example 1 is -1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EVALUATOR.weights(Double.NaN))
        .withMessageContaining("example 0 is NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EVALUATOR.weights(1, 2).evaluate("a", wrongEvery(4), DATA))
        .withMessage("there are 2 weights for 400 examples");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EVALUATOR.groups(List.of(1)).evaluate("a", wrongEvery(4), DATA))
        .withMessage("there are 1 groups for 400 examples");
  }

  @Test
  void on_provenance_namesTheEngineOfEachModel() {
    try (Predictor<float[], Classification> model =
        Predictor.builder()
            .model(StubModel.computing(1, 2, row -> new float[] {row[0], 1 - row[0]}))
            .input(VectorInput.floats(1))
            .output(ClassificationOutput.softmax(List.of("a", "b")))
            .build()) {
      MetricTable table =
          Evaluator.<String, Classification>classification(List.of("a", "b"))
              .metrics(ACCURACY)
              .candidate("stub", model)
              .candidate("function", Predictor.of((float[] row) -> model.predict(row)))
              .on(Dataset.of(List.of(new float[] {1}, new float[] {0}), List.of("a", "b")));
      assertThat(table.provenance().facts().get("settings"))
          .containsEntry("engine of stub", model.models().get(0).engine() + " on cpu")
          .doesNotContainKey("engine of function");
      assertThat(table.provenance().facts().get("versions"))
          .containsKey(model.models().get(0).engine());
      assertThat(table.cell("stub", ACCURACY).value()).isOne();
    }
  }

  /** Blocks of 20 rows are right or wrong as one: 20 independent observations, not 400. */
  @Test
  void on_groups_widensIntervalsAndTests() {
    Predictor<Integer, Integer> blocks = Predictor.of(i -> i / 20 % 4 == 0 ? 1 - i % 2 : i % 2);
    Predictor<Integer, Integer> others = Predictor.of(i -> i / 20 % 5 == 0 ? 1 - i % 2 : i % 2);
    List<String> groups = IntStream.range(0, 400).mapToObj(i -> "user " + i / 20).toList();
    MetricTable plain = EVALUATOR.candidate("a", blocks).candidate("b", others).on(DATA);
    MetricTable grouped =
        EVALUATOR.groups(groups).candidate("a", blocks).candidate("b", others).on(DATA);
    Interval interval = grouped.cell("a", ACCURACY).interval();
    assertThat(interval.method()).contains("clustered");
    assertThat(grouped.cell("a", ACCURACY).value()).isEqualTo(0.75);
    // sqrt(20) = 4.5 times as wide as that of independent rows
    assertThat(interval.width() / plain.cell("a", ACCURACY).interval().width()).isBetween(3.0, 6.0);
    assertThat(grouped.cell("b", ACCURACY).comparison().interval().width())
        .isGreaterThan(3 * plain.cell("b", ACCURACY).comparison().interval().width());
    assertThat(grouped.cell("b", ACCURACY).comparison().pValue())
        .isGreaterThan(plain.cell("b", ACCURACY).comparison().pValue());
  }

  @Test
  void on_failures_areCountedAndPairedOverSharedRows() {
    MetricTable table =
        EVALUATOR.candidate("whole", wrongEvery(4)).candidate("failing", failingEvery(4)).on(DATA);
    assertThat(table.row("failing").failures()).isEqualTo(100);
    assertThat(table.row("failing").examples()).isEqualTo(400);
    assertThat(table.cell("failing", ACCURACY).value()).isEqualTo(1);
    // Where both have answered, both are right: the rows that fail are those the other has wrong.
    assertThat(table.cell("failing", ACCURACY).comparison().difference()).isZero();
    Evaluation evaluation = table.evaluation("failing").orElseThrow();
    assertThat(evaluation.failures().get(1).row()).isEqualTo(4);
    assertThat(evaluation.failures().get(1).error()).hasMessageContaining("row 4");
    assertThat(evaluation.rows()).hasSize(300).doesNotContain(4);
    assertThat(evaluation.batch(Labels.class).orElseThrow().size()).isEqualTo(300);
  }

  @Test
  void on_failuresToBeThrown_givesUp() {
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(
            () ->
                EVALUATOR
                    .failures(FailurePolicy.THROW)
                    .candidate("failing", failingEvery(4))
                    .on(DATA))
        .withMessageContaining("row 0");
  }

  @Test
  void evaluate_everyRowFails_isUndefined() {
    Evaluation evaluation = EVALUATOR.evaluate("none", failingEvery(1), DATA);
    assertThat(evaluation.value(ACCURACY)).isNaN();
    assertThat(evaluation.interval(ACCURACY).isDefined()).isFalse();
    assertThat(evaluation.failures()).hasSize(400);
    MetricTable table =
        EVALUATOR.candidate("some", wrongEvery(3)).candidate("none", failingEvery(1)).on(DATA);
    assertThat(table.cell("none", ACCURACY).best()).isFalse();
    assertThat(table.cell("none", ACCURACY).comparison().pValue()).isNaN();
  }

  @Test
  void on_seed_reproduces() {
    Evaluator.Candidates<Integer, Integer, Object> two =
        EVALUATOR.candidate("a", wrongEvery(7)).candidate("b", wrongEvery(5));
    MetricTable first = two.on(DATA);
    assertThat(two.on(DATA).rows()).isEqualTo(first.rows());
    assertThat(
            EVALUATOR
                .seed(1)
                .candidate("a", wrongEvery(7))
                .candidate("b", wrongEvery(5))
                .on(DATA)
                .rows())
        .isNotEqualTo(first.rows());
  }

  @Test
  void resamples_none_makesNoIntervals() {
    MetricTable table =
        EVALUATOR.resamples(0).candidate("a", wrongEvery(7)).candidate("b", wrongEvery(8)).on(DATA);
    assertThat(table.cell("a", ACCURACY).interval().isDefined()).isFalse();
    assertThat(table.cell("b", ACCURACY).comparison().pValue()).isNaN();
  }

  @Test
  void level_other_isKept() {
    MetricTable table =
        EVALUATOR.level(0.8).candidate("a", wrongEvery(7)).candidate("b", wrongEvery(5)).on(DATA);
    assertThat(table.level()).isEqualTo(0.8);
    assertThat(table.cell("a", ACCURACY).interval().level()).isEqualTo(0.8);
    assertThat(table.cell("b", ACCURACY).comparison().interval().level()).isEqualTo(0.8);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EVALUATOR.resamples(50))
        .withMessage("resamples must be 0 or at least 100, but was 50");
  }

  @Test
  void metrics_theScorerCannotFeed_isRefusedAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Evaluator.regression().metrics(ACCURACY))
        .withMessageContaining("a scorer of regression makes no Labels");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EVALUATOR.metrics(ACCURACY))
        .withMessageContaining("given twice");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Evaluator.classification(List.of(0, 1)).candidate("a", wrongEvery(2)).on(DATA))
        .withMessage("give at least one metric");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EVALUATOR.candidate("a", wrongEvery(2)).on(DATA.slice(0, 0)))
        .withMessage("there are no examples to judge with");
  }

  @Test
  void evaluate_scoresThatAreNoProbabilities_nameTheMetric() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Evaluator.<Integer, double[]>classification(List.of(0, 1))
                    .metrics(LOG_LOSS)
                    .evaluate("a", Predictor.of(i -> new double[] {3, -2}), DATA))
        .withMessageStartingWith("metric ");
  }

  @Test
  void with_otherFigures_becomeAColumn() {
    MetricTable table =
        EVALUATOR.candidate("a", wrongEvery(7)).candidate("b", wrongEvery(8)).on(DATA);
    Column size = Column.of("size", Goal.MINIMIZE, "B");
    MetricTable wider = table.with(size, Map.of("a", Figure.exact(10), "b", Figure.exact(20)));
    assertThat(wider.cell("a", size).best()).isTrue();
    assertThat(wider.cell("b", size).best()).isFalse();
    assertThat(wider.columns()).hasSize(3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.with(size, Map.of("a", Figure.exact(10))))
        .withMessageContaining("candidate b has no size");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.cell("c", ACCURACY))
        .withMessage("no candidate c, but [a, b]");
    assertThatIllegalArgumentException().isThrownBy(() -> table.cell("a", size));
  }

  @Test
  void on_provenance_namesDataModelsAndSettings() {
    ModelSource source = ModelSource.bytes("tiny.onnx", new byte[] {8, 8, 58, 0});
    Map<String, Map<String, String>> facts =
        EVALUATOR
            .candidate(Candidate.<Integer, Object>of("a", wrongEvery(7)).source(source))
            .on(DATA)
            .provenance()
            .facts();
    assertThat(facts.get("data")).containsEntry("test.sha256", DATA.contentHash());
    assertThat(facts.get("models")).containsEntry("a.bytes", "4");
    assertThat(facts.get("settings")).containsEntry("seed", "42").containsKey("metrics");
  }
}
