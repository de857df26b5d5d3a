package io.vivace.evaluate.metric;

import static io.vivace.evaluate.metric.ClassificationMetrics.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class BatchTest {
  private static final int[] TWO = {0, 1};

  private static void assertRefused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).message().contains(parts);
  }

  @Test
  void of_differentLengths_isRefused() {
    assertRefused(() -> Labels.of(new int[3], TWO, 2), "prediction", "truth", "2 instead of 3");
    assertRefused(() -> Scores.binary(TWO, new double[3]), "scores", "2 rows x 1", "had 3");
    assertRefused(() -> Scores.of(TWO, new double[5], 3), "2 rows x 3 columns = 6", "had 5");
    assertRefused(() -> Values.of(new double[2], new double[1]), "1 instead of 2");
    assertRefused(() -> Values.of(new double[3], new double[3], 2), "whole rows of 2");
    assertRefused(() -> MultiLabels.of(new boolean[4], new boolean[3], 2), "3 instead of 4");
    assertRefused(() -> MultiLabels.of(new boolean[3], new boolean[3], 2), "whole rows of 2");
    assertRefused(() -> MultiLabelScores.of(new boolean[2], new double[4], 2), "4 instead of 2");
    assertRefused(() -> MultiLabelScores.of(new boolean[3], new double[3], 2), "whole rows of 2");
    assertRefused(
        () -> Rankings.of(new double[][] {{1, 0}}, new double[][] {{1}}), "query 0", "1 instead");
    assertRefused(() -> Rankings.of(new double[2][1], new double[1][1]), "1 instead of 2");
  }

  @Test
  void of_nothing_isRefused() {
    int[] none = {};
    assertRefused(() -> Labels.of(none, none, 2), "at least one row");
    assertRefused(() -> Scores.binary(none, new double[0]), "at least one row");
    assertRefused(() -> Values.of(new double[0], new double[0]), "at least one row");
    assertRefused(() -> MultiLabels.of(new boolean[0], new boolean[0], 2), "at least one row");
    assertRefused(() -> Rankings.of(new double[0][], new double[0][]), "at least one row");
    assertRefused(
        () -> Rankings.of(new double[][] {{}}, new double[][] {{}}), "query 0 has no candidates");
    assertRefused(() -> Labels.of(TWO, TWO, 2).select(), "at least one row");
  }

  @Test
  void of_labelsThatTheModelDoesNotKnow_isRefused() {
    assertRefused(() -> Labels.of(new int[] {0, 2}, TWO, 2), "truth", "holds 2 in row 1", "0 to 1");
    assertRefused(() -> Labels.of(TWO, new int[] {-1, 0}, 2), "prediction", "-1 in row 0");
    assertRefused(() -> Scores.binary(new int[] {0, 2}, new double[2]), "truth", "holds 2");
    assertRefused(() -> Labels.of(TWO, TWO, 0), "classes must be at least 1");
  }

  @Test
  void of_numbersThatAreNotFinite_isRefused() {
    assertRefused(() -> Scores.binary(TWO, new double[] {0, Double.NaN}), "element 1 is NaN");
    assertRefused(
        () -> Scores.binary(TWO, new float[] {Float.POSITIVE_INFINITY, 0}), "0 is Infinity");
    assertRefused(
        () -> Scores.of(TWO, new double[] {1, 0, 0, Double.NEGATIVE_INFINITY}, 2), "3 is -Inf");
    assertRefused(() -> Values.of(new double[] {Double.NaN}, new double[1]), "truth", "NaN");
    assertRefused(() -> Values.of(new double[1], new double[] {1 / 0.0}), "prediction", "Inf");
    assertRefused(
        () -> Rankings.of(new double[][] {{Double.NaN}}, new double[][] {{0}}), "relevance of q");
    assertRefused(
        () -> Rankings.of(new double[][] {{0}}, new double[][] {{Double.NaN}}),
        "scores of query 0");
    assertRefused(
        () -> MultiLabelScores.of(new boolean[1], new double[] {Double.NaN}, 1), "scores", "NaN");
  }

  @Test
  void weighted_withWeightsThatCannotBe_isRefused() {
    Labels labels = Labels.of(TWO, TWO, 2);
    assertRefused(() -> labels.weighted(1), "weights", "1 instead of 2");
    assertRefused(() -> labels.weighted(1, -0.5), "at least 0", "row 1 has -0.5");
    assertRefused(() -> labels.weighted(Double.NaN, 1), "row 0 has NaN");
    assertRefused(() -> labels.weighted(1, Double.POSITIVE_INFINITY), "row 1 has Infinity");
    assertRefused(() -> Scores.binary(TWO, new double[2]).weighted(-1, 1), "row 0 has -1.0");
    assertRefused(() -> Values.of(new double[2], new double[2]).weighted(-1, 1), "row 0");
    assertRefused(() -> Rankings.of(new double[1][1], new double[1][1]).weighted(-1), "row 0");
    assertRefused(() -> MultiLabels.of(new boolean[2], new boolean[2], 2).weighted(-1), "row 0");
    assertRefused(
        () -> MultiLabelScores.of(new boolean[2], new double[2], 2).weighted(-1), "row 0");
  }

  @Test
  void probabilities_thatAreNone_areRefused() {
    Scores tooHigh = Scores.binary(TWO, new double[] {0.5, 1.5});
    Scores badSum = Scores.of(TWO, new double[] {0.5, 0.5, 0.5, 0.6}, 2);
    for (Metric<Scores> metric : List.of(LOG_LOSS, BRIER, ECE)) {
      assertRefused(() -> metric.of(tooHigh), "[0, 1]", "row 1 has 1.5");
      assertRefused(() -> metric.of(badSum), "add up to 1", "row 1", "1.1");
    }
    assertRefused(() -> ROC_AUC.macro().of(badSum), "add up to 1", "softmax");
    assertRefused(() -> BOUNDED_ROC_AUC.of(tooHigh), "[0, 1]");
    assertRefused(() -> CalibrationCurve.of(tooHigh, Binning.uniform(5)), "[0, 1]");
  }

  @Test
  void metrics_thatDoNotSuitTheForm_sayWhatToDo() {
    Scores binary = Scores.binary(TWO, new double[] {0.1, 0.9});
    Scores three = Scores.of(TWO, new double[] {1, 0, 0, 0, 1, 0}, 3);
    Labels labels = three.toLabels();
    assertRefused(() -> F1.of(labels), "needs 2 classes", "3", "macro()");
    assertRefused(() -> F1.ofClass(5).of(labels), "no class 5 of 3");
    assertRefused(() -> F1.classes(0, 7).perClass(labels), "no class 7 of 3");
    assertRefused(() -> ROC_AUC.of(three), "needs 2 classes", "oneVsOne()");
    assertRefused(() -> ROC_AUC.macro().of(binary), "score for each class");
    assertRefused(() -> ROC_AUC.oneVsOne().of(three.weighted(1, 2)), "do not know weights");
    assertRefused(() -> ROC_AUC.oneVsOne().micro(), "no micro");
    assertRefused(() -> ROC_AUC.macro().partial(0.1), "two classes");
    assertRefused(() -> ROC_AUC.partial(0), "above 0", "0.0");
    assertRefused(() -> ROC_AUC.partial(0.5).macro(), "partial area");
    assertRefused(() -> AVERAGE_PRECISION.oneVsOne(), "only the ROC area");
    assertRefused(() -> topKAccuracy(1).of(binary), "toLabels(threshold)");
    assertRefused(() -> topKAccuracy(0), "at least 1", "0");
    assertRefused(() -> fBeta(-1), "at least 0", "-1.0");
    assertRefused(() -> binary.toLabels(), "toLabels(threshold)");
    assertRefused(() -> three.toLabels(0.5), "positive class needs 2");
    assertRefused(() -> binary.score(0, 0), "class 1", "0");
    assertRefused(() -> ECE.binary().of(three), "needs 2 classes");
    assertRefused(() -> ECE.debiased().of(three.weighted(1, 2)), "weights");
    assertRefused(() -> Binning.uniform(0), "at least 1 bin");
    assertRefused(() -> BOUNDED_ROC_AUC.buckets(1), "at least 2");
    assertRefused(() -> BOUNDED_ROC_AUC.of(binary.weighted(1, 2)), "ROC_AUC");
    assertRefused(() -> F1.positive(2), "0 or 1");
    assertRefused(() -> F1.classes(), "at least one class");
    assertRefused(() -> F1.classes(1, 1), "different");
    assertRefused(() -> RocCurve.of(three), "2 classes");
    assertRefused(() -> RocCurve.of(binary.weighted(0, 0)), "weight above 0");
    assertRefused(() -> ConfusionMatrix.of(Labels.of(TWO, TWO, 5000)), "4096", "5000");
  }

  @Test
  void undefinedAsError_throwsAndGathersNothing() {
    Labels never = Labels.of(new int[] {0, 0}, new int[] {0, 0}, 2);
    assertThatThrownBy(() -> F1.undefined(UndefinedValue.ERROR).of(never))
        .isInstanceOf(UndefinedMetricException.class)
        .hasMessageContaining("f1 is undefined");
    assertThatThrownBy(
            () ->
                ROC_AUC
                    .undefined(UndefinedValue.ERROR)
                    .of(Scores.binary(new int[] {1, 1}, new double[] {0.1, 0.2})))
        .isInstanceOf(UndefinedMetricException.class)
        .hasMessageContaining("2.0 positive and 0.0 negative");
    MetricState<MultiLabels> state = F1.samples().undefined(UndefinedValue.ERROR).newState();
    boolean[] truth = {true, false, false, false};
    assertThatThrownBy(() -> state.update(MultiLabels.of(truth, truth, 2)))
        .isInstanceOf(UndefinedMetricException.class);
    assertThat(state.compute()).isNaN();
    assertThat(AVERAGE_PRECISION.undefined(UndefinedValue.NAN).of(zeros())).isNaN();
    assertThat(AVERAGE_PRECISION.of(zeros())).isZero();
  }

  private static Scores zeros() {
    return Scores.binary(new int[] {0, 0}, new double[] {0.1, 0.2});
  }

  @Test
  void weightsOfZeroAlone_makeMeansNaN() {
    Labels nothing = Labels.of(TWO, TWO, 2).weighted(0, 0);
    assertThat(ACCURACY.of(nothing)).isNaN();
    assertThat(BALANCED_ACCURACY.of(nothing)).isNaN();
    assertThat(COHEN_KAPPA.of(nothing)).isNaN();
    assertThat(MATTHEWS_CORRELATION.of(nothing)).isZero();
    Scores scores = Scores.binary(TWO, new double[] {0.1, 0.9}).weighted(0, 0);
    assertThat(ROC_AUC.of(scores)).isNaN();
    assertThat(LOG_LOSS.of(scores)).isNaN();
    assertThat(ECE.of(scores)).isNaN();
  }

  @Test
  void select_ofRows_takesThemInOrderWithTheirWeights() {
    Labels labels = Labels.of(new int[] {0, 1, 2}, new int[] {2, 1, 0}, 3).weighted(1, 2, 3);
    Labels chosen = labels.select(2, 0, 2);
    assertThat(chosen.size()).isEqualTo(3);
    assertThat(chosen.truth(0)).isEqualTo(2);
    assertThat(chosen.prediction(1)).isEqualTo(2);
    assertThat(chosen.weights()).containsExactly(3, 1, 3);
    Scores scores = Scores.of(TWO, new double[] {0.25, 0.75, 1, 0}, 2).select(1, 1);
    assertThat(scores.score(1, 0)).isEqualTo(1);
    assertThat(scores.weight(1)).isEqualTo(1);
    Values values = Values.of(new double[] {1, 2, 3, 4}, new double[] {5, 6, 7, 8}, 2).select(1);
    assertThat(values.truth(0, 1)).isEqualTo(4);
    assertThat(values.prediction(0, 0)).isEqualTo(7);
    Rankings rankings =
        Rankings.of(new double[][] {{1, 0}, {2}}, new double[][] {{3, 4}, {5}}).select(1, 0);
    assertThat(rankings.candidates(0)).isEqualTo(1);
    assertThat(rankings.relevance(0, 0)).isEqualTo(2);
    assertThat(rankings.score(1, 1)).isEqualTo(4);
  }

  @Test
  void toLabels_ofTies_takesTheLowestClass() {
    assertThat(Scores.of(TWO, new double[] {0.5, 0.5, 0, 1}, 2).toLabels().prediction(0)).isZero();
    assertThat(Scores.binary(TWO, new double[] {0.5, 0.4}).toLabels(0.5).prediction(0)).isOne();
  }
}
