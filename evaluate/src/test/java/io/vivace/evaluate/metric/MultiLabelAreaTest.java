package io.vivace.evaluate.metric;

import static io.vivace.evaluate.metric.ClassificationMetrics.AVERAGE_PRECISION;
import static io.vivace.evaluate.metric.ClassificationMetrics.ROC_AUC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The values themselves are compared in {@link ClassificationGoldenTest}. */
class MultiLabelAreaTest {
  /** The second label is never true; the second row has no label. */
  private static final MultiLabelScores ROWS =
      MultiLabelScores.of(
          new boolean[] {true, false, false, false}, new double[] {0.9, 0.1, 0.2, 0.3}, 2);

  @Test
  void of_labelOrRowWithoutTruth_isUndefined() {
    assertThat(ROC_AUC.multiLabel().perLabel(ROWS)).containsExactly(1, Double.NaN);
    assertThat(ROC_AUC.multiLabel().of(ROWS)).isNaN();
    assertThat(ROC_AUC.multiLabel().weighted().of(ROWS)).isOne();
    assertThat(ROC_AUC.multiLabel().samples().of(ROWS)).isNaN();
    assertThat(ROC_AUC.multiLabel().undefined(UndefinedValue.ZERO).of(ROWS)).isEqualTo(0.5);
    assertThat(AVERAGE_PRECISION.multiLabel().of(ROWS)).isEqualTo(0.5);
    assertThat(AVERAGE_PRECISION.multiLabel().samples().of(ROWS)).isEqualTo(0.5);
    assertThat(AVERAGE_PRECISION.multiLabel().samples().of(ROWS.weighted(1, 0))).isOne();
    assertThatThrownBy(() -> ROC_AUC.multiLabel().undefined(UndefinedValue.ERROR).of(ROWS))
        .isInstanceOf(UndefinedMetricException.class);
  }

  @Test
  void state_storedAndMergedInAnotherOrder_givesTheSameBits() {
    MultiLabelScores rows =
        MultiLabelScores.of(
                new boolean[] {true, false, false, true, true, true, false, true},
                new double[] {0.9, 0.1, 0.2, 0.3, 0.5, 0.5, 0.7, 0.4},
                2)
            .weighted(0.1, 0.2, 0.3, 0.4);
    for (MultiLabelArea metric :
        new MultiLabelArea[] {
          ROC_AUC.multiLabel(),
          ROC_AUC.multiLabel().micro(),
          AVERAGE_PRECISION.multiLabel().weighted(),
          AVERAGE_PRECISION.multiLabel().samples()
        }) {
      MetricState<MultiLabelScores> first = metric.newState();
      first.update(rows.select(0, 1));
      MetricState<MultiLabelScores> second = metric.newState();
      second.update(rows.select(2));
      second.update(rows.select(3));
      MetricState<MultiLabelScores> merged = metric.restore(second.toBytes());
      merged.merge(first);
      assertThat(merged.compute()).as(metric.identity()).isEqualTo(metric.of(rows));
    }
  }

  @Test
  void update_ofOtherLabels_isRefused() {
    MetricState<MultiLabelScores> state = ROC_AUC.multiLabel().newState();
    state.update(ROWS);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> state.update(MultiLabelScores.of(new boolean[3], new double[3], 3)))
        .withMessage("a batch has 3 labels, but those before had 2");
    assertThat(state.compute()).isNaN();
    assertThat(ROC_AUC.multiLabel().newState().compute()).isNaN();
  }

  @Test
  void multiLabel_partOrPairs_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> ROC_AUC.partial(0.5).multiLabel());
    assertThatIllegalArgumentException().isThrownBy(() -> ROC_AUC.oneVsOne().multiLabel());
    assertThat(ROC_AUC.micro().multiLabel().name()).isEqualTo("roc auc multi-label micro");
    assertThat(ROC_AUC.multiLabel().identity())
        .isEqualTo("roc auc multi-label macro[undefined=NAN]");
    assertThat(ROC_AUC.multiLabel().identity()).isNotEqualTo(ROC_AUC.macro().identity());
  }
}
