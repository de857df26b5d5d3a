package io.vivace.examples.evaluate;

import static io.vivace.evaluate.metric.ClassificationMetrics.F1;

import io.vivace.evaluate.MetricTable;
import io.vivace.evaluate.ScoreCurve;
import io.vivace.evaluate.latency.Resource;
import io.vivace.evaluate.metric.Binning;
import io.vivace.evaluate.metric.CalibrationCurve;
import io.vivace.evaluate.metric.ConfusionMatrix;
import io.vivace.evaluate.metric.Labels;
import io.vivace.evaluate.metric.PrecisionRecallCurve;
import io.vivace.evaluate.metric.RocCurve;
import io.vivace.evaluate.metric.Scores;
import io.vivace.evaluate.report.Chart;
import io.vivace.evaluate.report.ConfusionChart;
import io.vivace.evaluate.report.CurveChart;
import io.vivace.evaluate.report.SearchChart;
import io.vivace.evaluate.report.Series;
import io.vivace.evaluate.search.Study;
import io.vivace.evaluate.search.TrialResult;
import io.vivace.evaluate.select.Assessment;
import io.vivace.evaluate.select.Feasibility;
import io.vivace.evaluate.select.Verdict;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The charts of the report, drawn from what the table kept of each model's answers. */
final class Charts {
  private Charts() {}

  static Chart confusion(MetricTable table, String model, List<String> classes) {
    Labels labels = batch(table, model, Labels.class);
    ConfusionMatrix matrix = ConfusionMatrix.of(labels);
    double[][] counts = new double[classes.size()][classes.size()];
    for (int truth = 0; truth < counts.length; truth++) {
      for (int prediction = 0; prediction < counts.length; prediction++) {
        counts[truth][prediction] = matrix.get(truth, prediction);
      }
    }
    return ConfusionChart.of(classes, counts);
  }

  static Chart calibration(MetricTable table) {
    return CurveChart.calibration(
        series(
            table,
            scores -> CalibrationCurve.of(scores, Binning.uniform(10)),
            curve -> curve.points().stream().mapToDouble(p -> p.meanProbability()).toArray(),
            curve -> curve.points().stream().mapToDouble(p -> p.positiveRate()).toArray()));
  }

  static Chart roc(MetricTable table) {
    return CurveChart.roc(
        series(table, RocCurve::of, RocCurve::falsePositiveRates, RocCurve::truePositiveRates));
  }

  static Chart precisionRecall(MetricTable table) {
    return CurveChart.precisionRecall(
        series(
            table,
            PrecisionRecallCurve::of,
            PrecisionRecallCurve::recalls,
            PrecisionRecallCurve::precisions));
  }

  static Chart costs(MetricTable table, Verdict verdict) {
    List<SearchChart.Candidate> candidates =
        table.names().stream()
            .map(
                name ->
                    new SearchChart.Candidate(
                        name,
                        table.cell(name, Resource.P99_LATENCY.column()).value() / 1_000,
                        table.cell(name, F1.macro()).value(),
                        isFeasible(verdict, name),
                        verdict.chosen().filter(name::equals).isPresent()))
            .toList();
    return SearchChart.pareto(candidates, "p99 latency (us)", "F1, macro");
  }

  /** The accuracy on examples not learnt from, over how many were learnt from. */
  static Chart learning(Map<String, ScoreCurve<Integer>> curves) {
    Series[] series =
        curves.entrySet().stream()
            .map(
                each -> {
                  List<ScoreCurve.Point<Integer>> points = each.getValue().points();
                  return Series.of(
                      each.getKey(),
                      points.stream().mapToDouble(ScoreCurve.Point::parameter).toArray(),
                      points.stream().mapToDouble(point -> point.test().mean()).toArray());
                })
            .toArray(Series[]::new);
    return CurveChart.learning("Learning curve", "Examples learnt from", "Accuracy", series);
  }

  static Chart search(Study study) {
    double[] values = study.trials().stream().mapToDouble(TrialResult::score).toArray();
    return SearchChart.history(TunedNeighbors.SCORE.name(), values, false);
  }

  private static boolean isFeasible(Verdict verdict, String name) {
    return verdict.assessments().stream()
        .filter(each -> each.name().equals(name))
        .map(Assessment::feasibility)
        .noneMatch(Feasibility.INFEASIBLE::equals);
  }

  private static <C> Series[] series(
      MetricTable table,
      Function<Scores, C> curve,
      Function<C, double[]> x,
      Function<C, double[]> y) {
    return table.names().stream()
        .map(
            name -> {
              C of = curve.apply(batch(table, name, Scores.class));
              return Series.of(name, x.apply(of), y.apply(of));
            })
        .toArray(Series[]::new);
  }

  private static <B extends io.vivace.evaluate.metric.Batch> B batch(
      MetricTable table, String model, Class<B> type) {
    return table.evaluation(model).flatMap(each -> each.batch(type)).orElseThrow();
  }
}
