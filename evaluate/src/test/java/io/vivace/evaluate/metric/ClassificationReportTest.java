package io.vivace.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClassificationReportTest {
  private static final Labels BATCH =
      Labels.of(new int[] {0, 0, 2, 2, 2}, new int[] {0, 2, 2, 2, 0}, 4);

  @Test
  void toString_ofAReport_isATable() {
    ClassificationReport report =
        ClassificationReport.of(BATCH, List.of("cat", "dog", "sea cucumber", "owl"));
    assertThat(report.toString().lines())
        .containsExactly(
            "class         precision     recall         f1     support",
            "cat              0.5000     0.5000     0.5000           2",
            "sea cucumber     0.6667     0.6667     0.6667           3",
            "accuracy                               0.6000           5",
            "macro            0.5833     0.5833     0.5833           5",
            "weighted         0.6000     0.6000     0.6000           5");
  }

  @Test
  void of_otherThanAsManyNames_isRefused() {
    assertThatThrownBy(() -> ClassificationReport.of(BATCH, List.of("cat")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 instead of 4");
  }

  @Test
  void toString_ofAConfusionMatrix_isRowsOfCells() {
    assertThat(ConfusionMatrix.of(Labels.of(new int[] {0, 1, 1}, new int[] {0, 1, 0}, 2)))
        .hasToString("1\t0\n1\t1");
    assertThat(
            ConfusionMatrix.of(Labels.of(new int[] {0, 1, 1}, new int[] {0, 1, 0}, 2))
                .normalizedByTruth())
        .hasToString("1\t0\n0.5000\t0.5000");
  }
}
