package io.vivace.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.evaluate.metric.GoldenFile.Case;
import io.vivace.evaluate.metric.GoldenFile.DataSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every classification metric against values that others computed: scikit-learn 1.9.1, torchmetrics
 * 1.9.0 for calibration errors with lower-closed bins, scipy's quadrature for the interpolated
 * precision-recall area, and numpy by the formula for the other calibration errors. Data with
 * single-precision scores was computed in double precision, as we do.
 */
class ClassificationGoldenTest {
  private static final double RELATIVE = 1e-12;

  /** Where the true value is 0, the peer's sums leave a few units of rounding. */
  private static final double ABSOLUTE = 1e-14;

  private static final GoldenFile GOLDEN = read();

  private static GoldenFile read() {
    try {
      return GoldenFile.read("classification-golden.tsv");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void cases_ofTheFile_areManyAndDistinct() {
    assertThat(GOLDEN.cases()).isGreaterThanOrEqualTo(4_800);
    assertThat(GOLDEN.dataSets().stream().map(set -> set.kind() + set.name()))
        .doesNotHaveDuplicates();
    assertThat(GOLDEN.dataSets())
        .allSatisfy(
            set -> assertThat(set.cases()).extracting(Case::figure).doesNotHaveDuplicates());
  }

  @TestFactory
  Stream<DynamicTest> figures_equalThePeers() {
    return GOLDEN.dataSets().stream()
        .map(set -> DynamicTest.dynamicTest(set.kind() + ": " + set.name(), () -> verify(set)));
  }

  private static void verify(DataSet set) {
    GoldenFigures figures = GoldenFigures.of(set);
    List<String> wrong = new ArrayList<>();
    for (Case golden : set.cases()) {
      double[] ours = figures.compute(golden.figure());
      if (!isClose(ours, golden.expected())) {
        wrong.add(
            golden.figure() + ": " + Arrays.toString(ours) + " instead of " + golden.expected());
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static boolean isClose(double[] ours, List<Double> expected) {
    boolean close = ours.length == expected.size();
    for (int i = 0; close && i < ours.length; i++) {
      double gap = Math.abs(ours[i] - expected.get(i));
      close =
          Double.compare(ours[i], expected.get(i)) == 0
              || gap <= Math.max(RELATIVE * Math.abs(expected.get(i)), ABSOLUTE);
    }
    return close;
  }
}
