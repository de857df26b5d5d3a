package io.vivace.examples.pipeline;

import static io.vivace.evaluate.metric.ClassificationMetrics.ACCURACY;

import io.vivace.evaluate.MetricTable;
import io.vivace.evaluate.latency.LatencyBenchmark;
import io.vivace.evaluate.latency.Resource;
import io.vivace.evaluate.report.TableReport;
import io.vivace.evaluate.select.Selection;
import io.vivace.evaluate.select.Verdict;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/**
 * Stages 8 and 9: compares all models with the dense one on images that no stage has seen, and
 * chooses one that is faster.
 */
final class ChooseStage {
  /** The share of the dense model's median latency that the winner may take. */
  private static final double SHARE = 0.9;

  private static final double PRACTICALLY_EQUAL = 0.03;

  private ChooseStage() {}

  static MetricTable compare(
      Prepared data, List<Contender> contenders, Settings settings, PrintStream out)
      throws IOException {
    MetricTable table =
        LatencyBenchmark.of(data.choice().inputs())
            .calls(settings.calls())
            .rounds(0)
            .run(contenders.stream().map(Contender::candidate).toList())
            .addTo(
                Judge.table(data.choice(), contenders), Resource.P50_LATENCY, Resource.P99_LATENCY);
    out.println(TableReport.of(table).toText());
    return table;
  }

  static Verdict select(MetricTable table, PrintStream out) {
    double dense = table.cell(table.baseline(), Resource.P50_LATENCY.column()).value();
    Duration limit = Duration.ofNanos(Math.round(SHARE * dense));
    out.printf("limit of the median latency: %.1f us%n", limit.toNanos() / 1e3);
    Verdict verdict =
        Selection.maximize(ACCURACY)
            .subjectTo(Resource.P50_LATENCY.atMost(limit))
            .practicallyEqual(PRACTICALLY_EQUAL)
            .cheapestBy(Resource.SIZE.column())
            .among(table);
    out.println(verdict.toText());
    return verdict;
  }
}
