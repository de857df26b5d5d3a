package io.vivace.optimize;

import io.vivace.core.observe.LatencySummary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A report as tables: for a terminal, where only the worst layers are shown, and as Markdown. */
final class ReportText {
  private static final int LAYERS_SHOWN = 5;

  private final CompressionReport report;

  ReportText(CompressionReport report) {
    this.report = report;
  }

  String toText() {
    StringBuilder text = new StringBuilder();
    tables(worstLayers()).forEach(table -> text.append(table.toText()).append('\n'));
    return text.append(report.validation()).append('\n').toString();
  }

  String toMarkdown() {
    StringBuilder text = new StringBuilder();
    tables(report.layers()).forEach(table -> text.append(table.toMarkdown()).append('\n'));
    return text.append(report.validation()).append('\n').toString();
  }

  private List<LayerDifference> worstLayers() {
    return report.layers().stream()
        .filter(layer -> Double.isFinite(layer.signalToNoiseDecibels()))
        .sorted((a, b) -> Double.compare(a.signalToNoiseDecibels(), b.signalToNoiseDecibels()))
        .limit(LAYERS_SHOWN)
        .toList();
  }

  private List<TextTable> tables(List<LayerDifference> layers) {
    List<TextTable> tables = new ArrayList<>();
    tables.add(sizes());
    if (!report.differences().isEmpty()) {
      TextTable table = new TextTable("output", "signal to noise, dB", "cosine", "largest error");
      report
          .differences()
          .forEach(
              each ->
                  table.row(
                      each.output(),
                      format("%.1f", each.signalToNoiseDecibels()),
                      format("%.5f", each.cosine()),
                      format("%.4g", each.largestError())));
      tables.add(table);
    }
    if (!layers.isEmpty()) {
      TextTable table = new TextTable("layer", "shape", "zeros, %", "signal to noise, dB");
      layers.forEach(
          layer ->
              table.row(
                  layer.weight(),
                  layer.shape().toString(),
                  format("%.1f", 100 * layer.zeros()),
                  format("%.1f", layer.signalToNoiseDecibels())));
      tables.add(table);
    }
    SearchResult search = report.search();
    if (search != null) {
      tables.add(front(search));
    }
    return tables;
  }

  private static TextTable front(SearchResult search) {
    TextTable table =
        new TextTable(
            search.isGoalMet() ? "within " + search.limits() : "NOT within " + search.limits(),
            "bytes",
            "non-zeros",
            "quality",
            "latency, us");
    for (SearchTrial trial : search.front()) {
      table.row(
          trial.equals(search.best()) ? "chosen" : "",
          format("%,d", trial.bytes()),
          format("%,d", trial.nonZeros()),
          format("%.5f", trial.quality()),
          format("%.1f", trial.latencyNanos() / 1e3));
    }
    return table;
  }

  private TextTable sizes() {
    ModelSize before = report.before();
    ModelSize after = report.after();
    TextTable table = new TextTable(report.model(), "before", "after");
    add(table, "bytes", before.bytes(), after.bytes());
    if (report.packedBytes() >= 0) {
      table.row("bytes in a container", "", format("%,d", report.packedBytes()));
    }
    add(table, "parameters", before.parameters(), after.parameters());
    add(table, "non-zeros", before.nonZeros(), after.nonZeros());
    add(table, "MACs", before.macs(), after.macs());
    add(table, "nodes", before.nodes(), after.nodes());
    Set<String> operators = new TreeSet<>(before.operators().keySet());
    operators.addAll(after.operators().keySet());
    for (String operator : operators) {
      int old = before.operators().getOrDefault(operator, 0);
      int now = after.operators().getOrDefault(operator, 0);
      if (old != now) {
        add(table, operator, old, now);
      }
    }
    SearchResult search = report.search();
    if (search != null) {
      table.row(
          "quality",
          format("%.5f", search.originalQuality()),
          format("%.5f", search.best().quality()));
    }
    if (report.latency().before().count() > 0) {
      table.row(
          "latency (median), us",
          micros(report.latency().before()),
          micros(report.latency().after()));
    }
    return table;
  }

  private static void add(TextTable table, String name, long before, long after) {
    if (before >= 0 || after >= 0) {
      table.row(
          name,
          before < 0 ? "unknown" : format("%,d", before),
          after < 0 ? "unknown" : format("%,d", after));
    }
  }

  private static String micros(LatencySummary summary) {
    return format("%,.1f", summary.p50Nanos() / 1e3);
  }

  private static String format(String pattern, Object value) {
    return value instanceof Double number && number.isNaN()
        ? ""
        : String.format(Locale.ROOT, pattern, value);
  }

  /** A table whose first column is text. */
  private static final class TextTable {
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... heads) {
      row(heads);
    }

    void row(String... cells) {
      rows.add(List.of(cells));
    }

    String toText() {
      int columns = rows.get(0).size();
      List<Integer> widths = new ArrayList<>(Collections.nCopies(columns, 0));
      for (List<String> row : rows) {
        for (int i = 0; i < columns; i++) {
          widths.set(i, Math.max(widths.get(i), row.get(i).length()));
        }
      }
      StringBuilder text = new StringBuilder();
      for (List<String> row : rows) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < columns; i++) {
          String padding = " ".repeat(widths.get(i) - row.get(i).length());
          line.append(i == 0 ? row.get(i) + padding : "  " + padding + row.get(i));
        }
        text.append(line.toString().stripTrailing()).append('\n');
      }
      return text.toString();
    }

    String toMarkdown() {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < rows.size(); i++) {
        text.append(rows.get(i).stream().collect(Collectors.joining(" | ", "| ", " |\n")));
        if (i == 0) {
          text.append("|---").append("|---:".repeat(rows.get(0).size() - 1)).append("|\n");
        }
      }
      return text.toString();
    }
  }
}
