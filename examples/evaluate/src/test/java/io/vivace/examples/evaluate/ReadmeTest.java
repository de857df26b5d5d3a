package io.vivace.examples.evaluate;

import static io.vivace.evaluate.metric.ClassificationMetrics.ACCURACY;
import static io.vivace.evaluate.metric.ClassificationMetrics.F1;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.Estimator;
import io.vivace.core.FitContext;
import io.vivace.core.Predictor;
import io.vivace.core.data.CsvReader;
import io.vivace.core.data.Dataset;
import io.vivace.evaluate.Candidate;
import io.vivace.evaluate.CrossValidation;
import io.vivace.evaluate.CrossValidationResult;
import io.vivace.evaluate.Evaluator;
import io.vivace.evaluate.MetricTable;
import io.vivace.evaluate.latency.LatencyBenchmark;
import io.vivace.evaluate.latency.Resource;
import io.vivace.evaluate.report.HtmlReport;
import io.vivace.evaluate.report.TableReport;
import io.vivace.evaluate.search.Journal;
import io.vivace.evaluate.search.Parameter;
import io.vivace.evaluate.search.Params;
import io.vivace.evaluate.search.Space;
import io.vivace.evaluate.search.Study;
import io.vivace.evaluate.select.Selection;
import io.vivace.evaluate.select.Verdict;
import io.vivace.evaluate.split.HoldOut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Code of the README on evaluation, line by line, with an estimator of a reader's own. */
class ReadmeTest {
  private static final int ROWS = 120;

  @TempDir Path folder;

  /** The class whose shrunken mean is nearest. */
  record NearestCentroid(double shrink) implements Estimator<double[], String, String> {
    @Override
    public Predictor<double[], String> fit(
        Dataset<double[], String> training, FitContext<double[], String> context) {
      double[] all = mean(training.inputs());
      Map<String, double[]> means = new LinkedHashMap<>();
      for (String label : List.of("no", "yes")) {
        double[] mean =
            mean(
                training.stream()
                    .filter(example -> example.label().equals(label))
                    .map(example -> example.input())
                    .toList());
        for (int i = 0; i < mean.length; i++) {
          mean[i] += shrink * (all[i] - mean[i]);
        }
        means.put(label, mean);
      }
      return Predictor.of(
          x ->
              means.keySet().stream()
                  .min((a, b) -> Double.compare(gap(means.get(a), x), gap(means.get(b), x)))
                  .orElseThrow());
    }

    private static double[] mean(List<double[]> rows) {
      double[] mean = new double[rows.get(0).length];
      rows.forEach(
          row -> {
            for (int i = 0; i < mean.length; i++) {
              mean[i] += row[i] / rows.size();
            }
          });
      return mean;
    }

    private static double gap(double[] a, double[] b) {
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        sum += (a[i] - b[i]) * (a[i] - b[i]);
      }
      return sum;
    }
  }

  private Path csv() throws IOException {
    StringBuilder text = new StringBuilder("x,y,answer\n");
    for (int i = 0; i < ROWS; i++) {
      double x = i * 0.7548776662466927 % 1;
      double y = i * 0.5698402909980532 % 1;
      text.append(x)
          .append(',')
          .append(y)
          .append(',')
          .append(x + y > 1 ? "yes" : "no")
          .append('\n');
    }
    return Files.writeString(folder.resolve("answers.csv"), text);
  }

  @Test
  void evaluation_ofTheReadme_runs() throws IOException {
    Path csv = csv();
    Path journal = folder.resolve("search.jsonl");
    Path html = folder.resolve("report.html");

    Dataset<double[], String> data = CsvReader.doubles().label("answer").read(csv);
    HoldOut.Parts<double[], String> parts = HoldOut.stratified(0.6, 0.1, 0.3).split(data);
    CrossValidation folds = CrossValidation.stratified(5).seed(42);
    CrossValidationResult<String> result =
        folds.run(new NearestCentroid(0), parts.training(), ACCURACY, F1.macro());
    result.scores(ACCURACY).mean();

    Space space = Space.of(Parameter.real("shrink", 0, 0.9));
    Study study =
        Study.tpe()
            .trials(30)
            .journal(Journal.at(journal)) // goes on from there after a kill
            .maximize(
                space,
                params ->
                    folds
                        .run(new NearestCentroid(params.real("shrink")), parts.training(), ACCURACY)
                        .mean(ACCURACY));
    Params best = study.bestParams();

    Predictor<double[], String> plain = new NearestCentroid(0).fit(parts.training());
    Predictor<double[], String> tuned =
        new NearestCentroid(best.real("shrink")).fit(parts.training());
    MetricTable table =
        Evaluator.<String, String>classification(List.of("no", "yes"))
            .metrics(ACCURACY, F1.macro())
            .candidate("plain", plain)
            .candidate("tuned", tuned)
            .on(parts.test());
    table =
        LatencyBenchmark.of(parts.test().inputs())
            .run(List.of(Candidate.of("plain", plain), Candidate.of("tuned", tuned)))
            .addTo(table, Resource.P99_LATENCY);
    Verdict verdict =
        Selection.maximize(F1.macro())
            .subjectTo(Resource.P99_LATENCY.atMost(Duration.ofMillis(20)), ACCURACY.atLeast(0.5))
            .practicallyEqual(0.01)
            .among(table);
    TableReport.of(table).toMarkdown();
    new HtmlReport("Which one?").text(verdict.reason()).table(table).writeTo(html);

    assertThat(study.trials()).hasSize(30);
    assertThat(html).content().contains("<table", verdict.reason());
    assertThat(table.cell("plain", ACCURACY).interval().isDefined()).isTrue();
    assertThat(result.mean(ACCURACY)).isGreaterThan(0.8);
  }
}
