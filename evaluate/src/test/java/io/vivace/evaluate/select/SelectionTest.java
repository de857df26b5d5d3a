package io.vivace.evaluate.select;

import static io.vivace.evaluate.latency.Resource.P99_LATENCY;
import static io.vivace.evaluate.latency.Resource.SIZE;
import static io.vivace.evaluate.latency.Resource.megabytes;
import static io.vivace.evaluate.metric.ClassificationMetrics.ACCURACY;
import static io.vivace.evaluate.metric.ClassificationMetrics.F1;
import static io.vivace.evaluate.metric.ClassificationMetrics.HAMMING_LOSS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vivace.core.Predictor;
import io.vivace.core.data.Dataset;
import io.vivace.evaluate.Evaluator;
import io.vivace.evaluate.Figure;
import io.vivace.evaluate.MetricTable;
import io.vivace.evaluate.metric.Interval;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SelectionTest {
  private static final int ROWS = 2_000;

  private static final Dataset<Integer, Integer> DATA =
      Dataset.of(
          IntStream.range(0, ROWS).boxed().toList(),
          IntStream.range(0, ROWS).mapToObj(i -> i % 2).toList());

  private final Map<String, IntPredicate> wrong = new LinkedHashMap<>();
  private final Map<String, Figure> latency = new LinkedHashMap<>();
  private final Map<String, Figure> size = new LinkedHashMap<>();

  /** A model that is wrong on some rows, with a p99 in milliseconds, give or take a tenth. */
  private SelectionTest model(String name, IntPredicate wrongOn, double p99, double bytes) {
    wrong.put(name, wrongOn);
    latency.put(
        name,
        new Figure(p99 * 1e6, new Interval(0.9e6 * p99, 1.1e6 * p99, 0.95, "order statistics")));
    size.put(name, Figure.exact(bytes));
    return this;
  }

  private MetricTable table() {
    Evaluator<Integer, Integer> evaluator =
        Evaluator.<Integer, Integer>classification(List.of(0, 1))
            .metrics(ACCURACY, F1.macro(), HAMMING_LOSS)
            .resamples(400);
    Evaluator.Candidates<Integer, Integer, Integer> candidates = null;
    for (Map.Entry<String, IntPredicate> each : wrong.entrySet()) {
      Predictor<Integer, Integer> predictor =
          Predictor.of(i -> each.getValue().test(i) ? 1 - i % 2 : i % 2);
      candidates =
          candidates == null
              ? evaluator.candidate(each.getKey(), predictor)
              : candidates.candidate(each.getKey(), predictor);
    }
    return candidates.on(DATA).with(P99_LATENCY.column(), latency).with(SIZE.column(), size);
  }

  private static IntPredicate every(int n) {
    return i -> i % n == 0;
  }

  @Test
  void among_oneIsClearlyBest_isChosen() {
    Verdict verdict =
        Selection.maximize(F1.macro())
            .subjectTo(P99_LATENCY.atMost(Duration.ofMillis(20)), SIZE.atMost(megabytes(50)))
            .among(
                model("good", every(20), 10, 4e7)
                    .model("poor", every(5), 5, 1e7)
                    .model("slow", i -> false, 60, 1e7)
                    .model("large", i -> false, 5, 9e7)
                    .table());
    assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.CHOSEN);
    assertThat(verdict.chosen()).contains("good");
    assertThat(verdict.exitCode()).isZero();
    assertThat(verdict.assessments())
        .extracting(Assessment::feasibility)
        .containsExactly(
            Feasibility.FEASIBLE,
            Feasibility.FEASIBLE,
            Feasibility.INFEASIBLE,
            Feasibility.INFEASIBLE);
    assertThat(verdict.rivals()).extracting(Rival::name).containsExactly("poor");
    assertThat(verdict.rivals().get(0).standing()).isEqualTo(Rival.Standing.WORSE);
    assertThat(verdict.paretoFront()).containsExactly("good", "poor");
    assertThat(verdict.reason()).startsWith("good has the best f1");
    assertThat(verdict.toText())
        .contains("slow: INFEASIBLE")
        .contains("Pareto front: [good, poor]");
  }

  @Test
  void among_aMetricIsBoundedFromAbove_leavesOutWhoBreaksIt() {
    MetricTable table = model("wrong", every(2), 1, 1).model("right", every(20), 9, 9).table();
    Verdict verdict = Selection.maximize(ACCURACY).subjectTo(HAMMING_LOSS.atMost(0.3)).among(table);
    assertThat(verdict.chosen()).contains("right");
    assertThat(verdict.assessments().get(0).toString()).contains("hamming loss <= 0.3");
    assertThat(verdict.assessments())
        .extracting(Assessment::feasibility)
        .containsExactly(Feasibility.INFEASIBLE, Feasibility.FEASIBLE);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HAMMING_LOSS.atMost(Double.NaN))
        .withMessageContaining("hamming loss must be finite, but was NaN");
  }

  @Test
  void among_everyCandidateBreaksABound_hasNoChoice() {
    Verdict verdict =
        Selection.maximize(ACCURACY)
            .subjectTo(SIZE.atMost(10))
            .among(model("a", every(3), 1, 20).model("b", every(4), 1, 11).table());
    assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.NONE_FEASIBLE);
    assertThat(verdict.chosen()).isEmpty();
    assertThat(verdict.exitCode()).isEqualTo(1);
    assertThat(verdict.paretoFront()).isEmpty();
  }

  @Test
  void among_boundWithinTheInterval_isUndecided() {
    Verdict verdict =
        Selection.maximize(ACCURACY)
            .subjectTo(P99_LATENCY.atMost(Duration.ofMillis(20)))
            .among(model("a", every(3), 19, 20).table());
    assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.UNDECIDED);
    assertThat(verdict.exitCode()).isEqualTo(2);
    assertThat(verdict.assessments().get(0).checks().get(0).feasibility())
        .isEqualTo(Feasibility.UNDECIDED);
    assertThat(verdict.reason()).contains("it is open for [a]");
  }

  @Test
  void among_openCandidateIsClearlyBetter_isUndecided() {
    Verdict verdict =
        Selection.maximize(ACCURACY)
            .subjectTo(P99_LATENCY.atMost(Duration.ofMillis(20)))
            .among(model("sure", every(4), 5, 1).model("open", every(50), 20, 1).table());
    assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.UNDECIDED);
    assertThat(verdict.reason()).contains("[open] would be better and may keep them too");
  }

  @Test
  void among_openCandidateIsWorse_doesNotMatter() {
    Verdict verdict =
        Selection.maximize(ACCURACY)
            .subjectTo(P99_LATENCY.atMost(Duration.ofMillis(20)))
            .among(model("sure", every(50), 5, 1).model("open", every(4), 20, 1).table());
    assertThat(verdict.chosen()).contains("sure");
  }

  @Test
  void among_practicallyEqual_takesTheCheaper() {
    Verdict verdict =
        Selection.maximize(ACCURACY)
            .practicallyEqual(0.02)
            .among(
                model("large", every(100), 10, 100)
                    .model("small", i -> i % 100 == 1 || i == 4, 10, 50)
                    .model("tiny", every(4), 1, 1)
                    .table());
    assertThat(verdict.chosen()).contains("small");
    assertThat(verdict.reason())
        .startsWith(
            "large has the best accuracy, 0.9900; small is practically equal (within 0.02)");
    assertThat(verdict.rivals())
        .extracting(Rival::standing)
        .containsExactly(Rival.Standing.PRACTICALLY_EQUAL, Rival.Standing.WORSE);
  }

  @Test
  void among_practicallyEqualButNotCheaper_keepsTheBest() {
    Verdict verdict =
        Selection.maximize(ACCURACY)
            .practicallyEqual(0.02)
            .among(
                model("best", every(100), 10, 100)
                    // Its latency is within the other's interval, and its size is the same.
                    .model("alike", i -> i % 100 == 1 || i == 4, 9.5, 100)
                    .table());
    assertThat(verdict.chosen()).contains("best");
  }

  @Test
  void among_cheaperRivalMayBeAsGood_saysHowManyMoreExamples() {
    Verdict verdict =
        Selection.maximize(ACCURACY)
            .among(
                model("large", every(20), 10, 100)
                    .model("small", i -> i % 20 == 1 || i % 400 == 4, 1, 50)
                    .table());
    assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.UNDECIDED);
    assertThat(verdict.rivals().get(0).standing()).isEqualTo(Rival.Standing.OPEN);
    // 100 against 105 errors, never the same: sd 0.32, difference 0.0025; (2.8 * 0.32 / 0.0025)^2.
    assertThat(verdict.moreExamples().orElseThrow()).isBetween(90_000L, 170_000L);
    assertThat(verdict.reason())
        .contains("[small] is cheaper than large, and small may be as good: about");
  }

  @Test
  void among_rivalNotToldApartButDearer_keepsTheBest() {
    Verdict verdict =
        Selection.maximize(ACCURACY)
            .among(
                model("small", every(20), 1, 50)
                    .model("large", i -> i % 20 == 1 || i % 400 == 4, 10, 100)
                    .table());
    assertThat(verdict.chosen()).contains("small");
    assertThat(verdict.reason())
        .isEqualTo(
            "small has the best accuracy, 0.9500; large may be as good, not shown to be cheaper");
  }

  /** 40 more errors of 2,000, all shown by the test: worse by 0.014 to 0.026. */
  @Test
  void among_rivalShownToBeWorseButMaybeWithinTheMargin_isNotCalledAsGood() {
    IntPredicate more = i -> i % 20 == 0 || i % 50 == 1;
    Selection selection = Selection.maximize(ACCURACY).practicallyEqual(0.02);
    Verdict dearer =
        selection.among(model("best", every(20), 1, 50).model("rival", more, 10, 100).table());
    assertThat(dearer.rivals().get(0).standing()).isEqualTo(Rival.Standing.OPEN);
    assertThat(dearer.reason())
        .isEqualTo(
            "best has the best accuracy, 0.9500; rival is worse, maybe by no more than the margin"
                + " of 0.02, not shown to be cheaper");
    Verdict cheaper =
        selection.among(model("best", every(20), 10, 100).model("rival", more, 1, 50).table());
    assertThat(cheaper.outcome()).isEqualTo(Verdict.Outcome.UNDECIDED);
    assertThat(cheaper.reason())
        .startsWith(
            "[rival] is cheaper than best, and rival is worse, maybe by no more than the margin")
        .doesNotContain("as good");
  }

  @Test
  void minimize_lowerIsBetter() {
    Verdict verdict =
        Selection.minimize(HAMMING_LOSS)
            .among(model("a", every(3), 10, 5).model("b", every(30), 10, 5).table());
    assertThat(verdict.chosen()).contains("b");
    assertThat(verdict.rivals().get(0).standing()).isEqualTo(Rival.Standing.WORSE);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Selection.minimize(ACCURACY))
        .withMessageContaining("found by maximize(...)");
  }

  @Test
  void subjectTo_metric_isBoundedByItsInterval() {
    MetricTable table = model("a", every(3), 1, 1).model("b", every(10), 1, 2).table();
    Verdict verdict = Selection.maximize(F1.macro()).subjectTo(ACCURACY.atLeast(0.8)).among(table);
    assertThat(verdict.chosen()).contains("b");
    assertThat(verdict.assessments().get(0).feasibility()).isEqualTo(Feasibility.INFEASIBLE);
    // 0.9 is the value itself, so it lies within the interval.
    assertThat(
            Selection.maximize(F1.macro()).subjectTo(ACCURACY.atLeast(0.9)).among(table).outcome())
        .isEqualTo(Verdict.Outcome.UNDECIDED);
  }

  @Test
  void among_tableWithoutTheFigure_isRefused() {
    MetricTable table = model("a", every(3), 1, 1).table();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Selection.maximize(ACCURACY)
                    .subjectTo(io.vivace.evaluate.latency.Resource.THROUGHPUT.atLeast(5))
                    .among(table))
        .withMessageContaining("no column throughput");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SIZE.atMost(Double.NaN))
        .withMessage("the bound of size must be finite, but was NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Selection.maximize(ACCURACY).practicallyEqual(-1));
  }

  @Test
  void gate_modelsAlike_passes() {
    MetricTable table =
        model("old", every(100), 10, 100).model("new", i -> i % 100 == 1, 5, 50).table();
    ReleaseGate gate =
        ReleaseGate.notWorse(ACCURACY, 0.02).subjectTo(P99_LATENCY.atMost(Duration.ofMillis(20)));
    assertThat(gate.judge(table, "new").isPassed()).isTrue();
    StringBuilder out = new StringBuilder();
    assertThat(ReleaseGate.run(() -> gate.judge(table, "new"), out)).isZero();
    assertThat(out).startsWith("new keeps every bound and is not worse by more than 0.02\n");
    assertThat(out).contains("p99 latency <= 2.0E7 ns");
  }

  @Test
  void gate_worseOrOpenOrBroken_hasItsExitCode() {
    MetricTable table =
        model("old", every(100), 10, 100)
            .model("worse", every(5), 5, 50)
            .model("open", i -> i % 100 == 1 || i % 200 == 4, 5, 50)
            .model("slow", every(100), 90, 50)
            .model("near", every(100), 20, 50)
            .table();
    ReleaseGate gate =
        ReleaseGate.notWorse(ACCURACY, 0.008).subjectTo(P99_LATENCY.atMost(Duration.ofMillis(20)));
    assertThat(gate.judge(table, "worse").exitCode()).isEqualTo(1);
    assertThat(gate.judge(table, "slow").exitCode()).isEqualTo(1);
    assertThat(gate.judge(table, "slow").reason()).isEqualTo("slow breaks a bound");
    assertThat(gate.judge(table, "open").exitCode()).isEqualTo(2);
    assertThat(gate.judge(table, "near").exitCode()).isEqualTo(2);
    StringBuilder out = new StringBuilder();
    assertThat(ReleaseGate.run(() -> gate.judge(table, "missing"), out)).isEqualTo(3);
    assertThat(out).contains("no candidate missing");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> gate.judge(table, "old"))
        .withMessage("old is the baseline; name the new model");
    assertThatIllegalArgumentException().isThrownBy(() -> ReleaseGate.notWorse(ACCURACY, 0));
  }
}
