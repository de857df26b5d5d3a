package io.vivace.examples.evaluate;

import static io.vivace.evaluate.metric.ClassificationMetrics.ACCURACY;
import static io.vivace.evaluate.metric.ClassificationMetrics.ECE;
import static io.vivace.evaluate.metric.ClassificationMetrics.F1;
import static io.vivace.evaluate.metric.ClassificationMetrics.LOG_LOSS;

import io.vivace.core.Estimator;
import io.vivace.core.FitContext;
import io.vivace.core.data.Dataset;
import io.vivace.evaluate.Candidate;
import io.vivace.evaluate.CrossValidation;
import io.vivace.evaluate.Evaluator;
import io.vivace.evaluate.MetricTable;
import io.vivace.evaluate.ScoreCurve;
import io.vivace.evaluate.Scorer;
import io.vivace.evaluate.latency.LatencyBenchmark;
import io.vivace.evaluate.latency.Resource;
import io.vivace.evaluate.metric.Column;
import io.vivace.evaluate.report.HtmlReport;
import io.vivace.evaluate.report.TableReport;
import io.vivace.evaluate.select.Selection;
import io.vivace.evaluate.select.Verdict;
import io.vivace.evaluate.split.HoldOut;
import io.vivace.evaluate.split.Splitter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Fits three models to two data sets, judges them on examples that they never saw, and recommends
 * one, with the reason. Beside the text it writes an HTML report.
 *
 * <p>The argument is the report's folder; left out, it is {@code target/report}.
 */
public final class Evaluate {
  private final PrintStream out;
  private final Path folder;

  private Evaluate(PrintStream out, Path folder) {
    this.out = out;
    this.folder = folder;
  }

  /**
   * Runs the example.
   *
   * @param args the folder of the reports, or nothing
   * @throws IOException if a report cannot be written
   */
  public static void main(String[] args) throws IOException {
    run(System.out, Path.of(args.length > 0 ? args[0] : "target/report"));
  }

  static List<Verdict> run(PrintStream out, Path folder) throws IOException {
    Files.createDirectories(folder);
    Evaluate example = new Evaluate(out, folder);
    Verdict cancer =
        example.compare("breast cancer", Samples.breastCancer(), List.of("malignant", "benign"));
    List<String> names = IntStream.range(0, 10).mapToObj(Integer::toString).toList();
    return List.of(cancer, example.compare("digits", Samples.digits(), names));
  }

  private Verdict compare(String name, Dataset<double[], Integer> data, List<String> classes)
      throws IOException {
    int count = classes.size();
    Map<String, Estimator<double[], Integer, double[]>> estimators = new LinkedHashMap<>();
    estimators.put("logistic regression", new LogisticRegression(count, 0.001, 300));
    estimators.put("nearest neighbours", new TunedNeighbors(count));
    estimators.put("naive Bayes", new GaussianNaiveBayes(count));
    HoldOut.Parts<double[], Integer> parts = HoldOut.stratified(0.5, 0.1, 0.4).split(data);
    FitContext<double[], Integer> context =
        FitContext.<double[], Integer>defaults().validation(parts.validation());
    List<Candidate<double[], double[]>> candidates = new ArrayList<>();
    try {
      for (Map.Entry<String, Estimator<double[], Integer, double[]>> each : estimators.entrySet()) {
        candidates.add(Candidate.of(each.getKey(), each.getValue().fit(parts.training(), context)));
      }
      MetricTable table = judge(candidates, parts.test(), count);
      Verdict verdict =
          Selection.maximize(F1.macro())
              .subjectTo(Resource.P99_LATENCY.atMost(Duration.ofMillis(500)))
              .practicallyEqual(0.01)
              // Every model is far below the limit: among equals, honest probabilities count more.
              .cheapestBy(Column.of(LOG_LOSS))
              .among(table);
      CrossValidation validation =
          CrossValidation.stratified(5).seed(42).validation(Splitter.stratifiedShuffle(1, 0.1));
      MetricTable folds = validation.table(estimators, data, scorer(count), ACCURACY, F1.macro());
      print(name, data, table, folds, verdict);
      HtmlReport report = report(name, classes, table, folds, verdict);
      report
          .section("Would more examples help?")
          .chart(Charts.learning(learningCurves(validation, estimators, data, count)))
          .section("The search for the number of neighbours")
          .chart(
              Charts.search(
                  new TunedNeighbors(count)
                      .search(parts.training(), parts.validation(), context.seed())));
      write(report, name, table);
      return verdict;
    } finally {
      candidates.forEach(each -> each.predictor().close());
    }
  }

  private static Map<String, ScoreCurve<Integer>> learningCurves(
      CrossValidation validation,
      Map<String, Estimator<double[], Integer, double[]>> estimators,
      Dataset<double[], Integer> data,
      int classes) {
    Map<String, ScoreCurve<Integer>> curves = new LinkedHashMap<>();
    estimators.forEach(
        (name, estimator) ->
            curves.put(
                name,
                validation.learningCurve(
                    estimator, data, scorer(classes), ACCURACY, 0.1, 0.3, 1.0)));
    return curves;
  }

  static Evaluator<Integer, double[]> evaluator(int classes) {
    return Evaluator.of(scorer(classes));
  }

  private static Scorer<Integer, double[]> scorer(int classes) {
    return Scorer.classification(IntStream.range(0, classes).boxed().toList());
  }

  /** Quality on examples that no model saw, and the latency of single calls, taken in turns. */
  private static MetricTable judge(
      List<Candidate<double[], double[]>> candidates,
      Dataset<double[], Integer> test,
      int classes) {
    Evaluator.Candidates<double[], Integer, double[]> judged =
        evaluator(classes)
            .metrics(ACCURACY, F1.macro(), LOG_LOSS, ECE)
            .candidate(candidates.get(0));
    for (Candidate<double[], double[]> candidate : candidates.subList(1, candidates.size())) {
      judged = judged.candidate(candidate);
    }
    return LatencyBenchmark.of(test.inputs())
        .calls(500)
        .run(candidates)
        .addTo(judged.on(test), Resource.P99_LATENCY);
  }

  private void print(
      String name,
      Dataset<double[], Integer> data,
      MetricTable table,
      MetricTable folds,
      Verdict verdict) {
    int test = table.rows().get(0).examples();
    out.printf("%s: %,d examples, judged on %d that no model saw%n", name, data.size(), test);
    out.println(TableReport.of(table).toText());
    out.println("five-fold cross-validation of all examples:");
    out.println(TableReport.of(folds).toText());
    out.println(verdict.toText());
  }

  private static HtmlReport report(
      String name, List<String> classes, MetricTable table, MetricTable folds, Verdict verdict) {
    HtmlReport report =
        new HtmlReport("Which model for " + name + "?")
            .section("Verdict")
            .text(verdict.reason())
            .section("On examples that no model saw")
            .table(table)
            .section("Five-fold cross-validation")
            .table(folds)
            .section("Cost and quality")
            .chart(Charts.costs(table, verdict));
    for (String model : table.names()) {
      report.section("Confusion: " + model).chart(Charts.confusion(table, model, classes));
    }
    if (classes.size() == 2) {
      report
          .section("Curves")
          .chart(Charts.roc(table))
          .chart(Charts.precisionRecall(table))
          .chart(Charts.calibration(table));
    }
    return report;
  }

  private void write(HtmlReport report, String name, MetricTable table) throws IOException {
    Path file = folder.resolve(name.replace(' ', '-') + ".html");
    report.provenance(table.provenance()).writeTo(file);
    out.printf("charts: %s%n%n", file);
  }
}
