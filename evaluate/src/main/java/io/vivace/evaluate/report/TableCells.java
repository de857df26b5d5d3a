package io.vivace.evaluate.report;

import io.vivace.evaluate.Comparison;
import io.vivace.evaluate.Comparison.Significance;
import io.vivace.evaluate.MetricTable;
import io.vivace.evaluate.MetricTable.Cell;
import io.vivace.evaluate.MetricTable.Row;
import io.vivace.evaluate.metric.Column;
import io.vivace.evaluate.metric.Interval;
import java.util.ArrayList;
import java.util.List;

/** The words of a table of metrics, the same for every form. */
final class TableCells {
  private final MetricTable table;

  TableCells(MetricTable table) {
    this.table = table;
  }

  List<String> header() {
    List<String> header = new ArrayList<>();
    header.add("model");
    table.columns().forEach(column -> header.add(column.name()));
    if (hasFailures()) {
      header.add("failures");
    }
    return header;
  }

  boolean hasFailures() {
    return table.rows().stream().anyMatch(row -> row.failures() > 0);
  }

  String failures(Row row) {
    return row.failures() + " of " + row.examples();
  }

  String name(Row row) {
    return row.name().equals(table.baseline()) && table.rows().size() > 1
        ? row.name() + " (baseline)"
        : row.name();
  }

  String value(Column column, Cell cell) {
    return Quantity.text(cell.value(), column.unit());
  }

  /** The interval in brackets; nothing where there is none or it is the value itself. */
  String interval(Column column, Cell cell) {
    Interval interval = cell.interval();
    if (!interval.isDefined() || interval.lower() == interval.upper()) {
      return "";
    }
    return String.format(
        "[%s, %s]",
        Quantity.text(interval.lower(), column.unit()),
        Quantity.text(interval.upper(), column.unit()));
  }

  /** A plus where the candidate is significantly better than the baseline, a minus where worse. */
  String mark(Cell cell) {
    Comparison comparison = cell.comparison();
    if (comparison == null || comparison.significance() == Significance.UNDECIDED) {
      return "";
    }
    return comparison.significance() == Significance.BETTER ? "+" : "-";
  }

  /** What the marks mean. */
  String legend(String best) {
    StringBuilder legend = new StringBuilder();
    legend.append(best).append(" best of its column; [lower, upper] at ");
    legend.append(Math.round(table.level() * 1000) / 10.0).append(" %");
    if (table.rows().size() > 1) {
      legend.append("; + and - significantly better and worse than ").append(table.baseline());
      legend.append(", p-values corrected after Holm");
    }
    return legend.append('.').toString();
  }
}
