package io.vivace.evaluate.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class ChartTest {
  private static final double[] NONE = {};

  @Test
  void roc_putsCornersWhereTheFrameHasThem() {
    Chart chart = CurveChart.roc(Series.of("a", new double[] {0, 0, 1}, new double[] {0, 1, 1}));

    Element line = byClass(chart, "path", "line c0").get(0);

    assertThat(line.getAttribute("d")).isEqualTo("M70 340L70 20L620 20");
    assertThat(byClass(chart, "line", "guide")).hasSize(1);
  }

  @Test
  void everyChart_isWellFormedWithHostileNames() {
    String name = "</svg><script>alert(\"1\")</script>&\u0000\u0007";
    Series series = Series.of(name, new double[] {0, 1}, new double[] {0.5, 1});
    List<Chart> charts =
        List.of(
            CurveChart.roc(series),
            CurveChart.precisionRecall(series),
            CurveChart.calibration(series),
            CurveChart.learning(name, name, name, series),
            SearchChart.history(name, new double[] {1, Double.NaN, 3}, true),
            SearchChart.pareto(
                List.of(new SearchChart.Candidate(name, 1, 2, true, true)), name, name),
            ConfusionChart.of(List.of(name, "b"), new double[][] {{1, 2}, {3, 4.5}}),
            RankChart.criticalDifference(List.of(name, "b"), new double[] {1.2, 1.8}, 0.5));

    for (Chart chart : charts) {
      assertThat(chart.toSvg()).doesNotContain("<script>").doesNotContain("http://www.w3.org/1999");
      assertThat(SvgDocument.parse(chart.toSvg()).getDocumentElement().getTagName())
          .isEqualTo("svg");
      assertThat(chart.toString()).startsWith("Chart[");
    }
  }

  @Test
  void line_isInterruptedWhereAValueIsNotFinite() {
    double[] x = {0, 1, 2, 3, 4};
    double[] y = {1, 2, Double.NaN, 2, 1};

    Chart chart = CurveChart.learning("t", "x", "y", Series.of("a", x, y));

    assertThat(byClass(chart, "path", "line c0")).hasSize(2);
    assertThat(byClass(chart, "circle", "point c0")).hasSize(4);
  }

  @Test
  void band_liesBetweenItsEnds() {
    Series series =
        Series.of("a", new double[] {0, 1}, new double[] {0.5, 0.5})
            .band(new double[] {0.25, 0.25}, new double[] {0.75, 0.75});

    Element band = byClass(CurveChart.roc(series), "path", "band c0").get(0);

    assertThat(band.getAttribute("d")).isEqualTo("M70 100L620 100L620 260L70 260Z");
  }

  @Test
  void charts_withoutData_haveAFrame() {
    assertThat(byClass(CurveChart.roc(), "line", "axis")).hasSize(2);
    assertThat(byClass(SearchChart.history("score", NONE, true), "line", "axis")).hasSize(2);
    assertThat(byClass(SearchChart.pareto(List.of(), "cost", "quality"), "circle", "ring"))
        .isEmpty();
    assertThat(ConfusionChart.of(List.of(), new double[][] {}).toSvg()).contains("True class");
  }

  @Test
  void history_bestSoFarNeverGetsWorse() {
    double[] values = {Double.NaN, 3, 1, 4, Double.NaN, 2};

    Element up = byClass(SearchChart.history("score", values, true), "path", "line c1").get(0);
    Element down = byClass(SearchChart.history("loss", values, false), "path", "line c1").get(0);

    assertThat(heights(up)).isSortedAccordingTo((a, b) -> Double.compare(b, a)).hasSize(5);
    assertThat(heights(down)).isSorted().hasSize(5);
  }

  @Test
  void pareto_joinsOnlyFeasibleCandidatesThatNothingBeats() {
    Chart chart =
        SearchChart.pareto(
            List.of(
                new SearchChart.Candidate("cheap", 1, 0.7, true, false),
                new SearchChart.Candidate("beaten", 2, 0.6, true, false),
                new SearchChart.Candidate("good", 3, 0.9, true, true),
                new SearchChart.Candidate("forbidden", 2.5, 0.95, false, false)),
            "p99 (ms)",
            "F1");

    assertThat(heights(byClass(chart, "path", "line c2").get(0))).hasSize(2);
    assertThat(byClass(chart, "circle", "faint")).hasSize(1);
    assertThat(byClass(chart, "circle", "ring")).hasSize(1);
  }

  @Test
  void pareto_ofCostsFarApart_isLogarithmic() {
    Chart chart =
        SearchChart.pareto(
            List.of(
                new SearchChart.Candidate("a", 1, 0.7, true, false),
                new SearchChart.Candidate("b", 10, 0.8, true, false),
                new SearchChart.Candidate("c", 100, 0.9, true, false)),
            "cost",
            "quality");

    List<Element> dots = byClass(chart, "circle", "point c0");
    double first = number(dots.get(1), "cx") - number(dots.get(0), "cx");
    double second = number(dots.get(2), "cx") - number(dots.get(1), "cx");

    assertThat(first).isCloseTo(second, within(0.02));
  }

  @Test
  void confusion_shadesByShareOfTheRow() {
    Chart chart = ConfusionChart.of(List.of("a", "b"), new double[][] {{900, 100}, {1, 9}});

    List<Element> cells = byClass(chart, "rect", "shade");

    assertThat(cells)
        .extracting(e -> number(e, "fill-opacity"))
        .containsExactly(0.9, 0.1, 0.1, 0.9);
  }

  @Test
  void ranks_barJoinsOnlyWhatDoesNotDiffer() {
    Chart joined =
        RankChart.criticalDifference(List.of("a", "b", "c"), new double[] {1.1, 1.9, 3}, 1);
    Chart apart = RankChart.criticalDifference(List.of("a", "b", "c"), new double[] {1, 2, 3}, 0.9);

    assertThat(byClass(joined, "line", "bar")).hasSize(2); // the scale of the difference is one
    assertThat(byClass(apart, "line", "bar")).hasSize(1);
  }

  @Test
  void badInput_isNamed() {
    assertThatThrownBy(() -> Series.of("a", new double[2], new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("y must have 2 values, as x has, but has 3");
    assertThatThrownBy(() -> ConfusionChart.of(List.of("a"), new double[2][2]))
        .hasMessageContaining("must be 1 by 1");
    assertThatThrownBy(() -> RankChart.criticalDifference(List.of("a"), new double[] {2}, 1))
        .hasMessage("a mean rank must be from 1 to 1, but was 2.0");
    assertThatThrownBy(() -> RankChart.criticalDifference(List.of("a"), new double[] {1}, 0))
        .hasMessage("the critical difference must be above 0, but was 0.0");
  }

  @Test
  void marks_areRoundAndInside() {
    Axis axis = new Axis("x", 0.13, 0.87, false, 0, 100);

    assertThat(axis.marks()).hasSizeBetween(3, 8).allMatch(mark -> mark >= 0.13 && mark <= 0.87);
    assertThat(axis.marks().stream().map(Axis::text)).contains("0.2", "0.4");
    assertThat(Axis.text(1e7)).isEqualTo("1e+07");
    assertThat(Axis.text(0.0000001)).isEqualTo("1e-07");
    assertThat(Axis.text(100)).isEqualTo("100");
  }

  private static List<Double> heights(Element path) {
    List<Double> heights = new ArrayList<>();
    for (String point : path.getAttribute("d").split("[ML]", -1)) {
      if (!point.isEmpty()) {
        heights.add(Double.valueOf(point.split(" ", -1)[1]));
      }
    }
    return heights;
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  private static List<Element> byClass(Chart chart, String element, String type) {
    Document document = SvgDocument.parse(chart.toSvg());
    List<Element> found = new ArrayList<>();
    for (int i = 0; i < document.getElementsByTagName(element).getLength(); i++) {
      Element each = (Element) document.getElementsByTagName(element).item(i);
      if (each.getAttribute("class").equals(type)) {
        found.add(each);
      }
    }
    return found;
  }
}
