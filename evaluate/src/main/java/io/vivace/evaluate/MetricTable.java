package io.vivace.evaluate;

import io.vivace.core.Provenance;
import io.vivace.evaluate.metric.Column;
import io.vivace.evaluate.metric.Interval;
import io.vivace.evaluate.metric.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Models by figures: values with intervals, the best of each column marked, and each model tested
 * against the baseline. Rows keep the order in which the candidates were added. Immutable and
 * thread-safe.
 */
public final class MetricTable {
  private final Map<String, Evidence> evidence;
  private final Map<String, Evaluation> evaluations;
  private final String baseline;
  private final double level;
  private final Provenance provenance;
  private final List<Column> columns;
  private final List<Row> rows;

  /**
   * What one candidate is worth.
   *
   * @param name the candidate
   * @param cells one per column of the table
   * @param examples how many examples it was judged by
   * @param failures on how many of them (or in how many folds) it failed
   */
  public record Row(String name, List<Cell> cells, int examples, int failures) {
    /**
     * Copies the cells.
     *
     * @param name the candidate
     * @param cells one per column of the table
     * @param examples how many examples it was judged by
     * @param failures on how many it failed
     */
    public Row {
      Objects.requireNonNull(name, "name");
      cells = List.copyOf(cells);
    }
  }

  /**
   * A figure of one candidate.
   *
   * @param value the value; NaN where it is undefined
   * @param interval where the true value lies; undefined where there is none
   * @param best whether no other candidate has a better value; several are best if they are equal
   * @param comparison against the baseline, with the p-values of a column corrected after Holm;
   *     null for the baseline itself, and where there is no test
   */
  public record Cell(
      double value, Interval interval, boolean best, @Nullable Comparison comparison) {}

  private MetricTable(
      Map<String, Evidence> evidence,
      Map<String, Evaluation> evaluations,
      String baseline,
      double level,
      Provenance provenance,
      List<Column> columns,
      List<Row> rows) {
    this.evidence = evidence;
    this.evaluations = evaluations;
    this.baseline = baseline;
    this.level = level;
    this.provenance = provenance;
    this.columns = List.copyOf(columns);
    this.rows = List.copyOf(rows);
  }

  static MetricTable of(
      Map<String, Evidence> evidence,
      Map<String, Evaluation> evaluations,
      String baseline,
      double level,
      Provenance provenance) {
    Map<String, Evidence> own = new LinkedHashMap<>(evidence);
    List<Column> columns = List.copyOf(own.values().iterator().next().figures().keySet());
    List<Row> rows = new TableRows(own, baseline, level).of(columns);
    return new MetricTable(own, evaluations, baseline, level, provenance, columns, rows);
  }

  /**
   * Returns the columns.
   *
   * @return metrics in the order given, then other figures
   */
  public List<Column> columns() {
    return columns;
  }

  /**
   * Returns the rows.
   *
   * @return one per candidate, in the order in which they were added
   */
  public List<Row> rows() {
    return rows;
  }

  /**
   * Returns the names of the candidates.
   *
   * @return in the order in which they were added
   */
  public List<String> names() {
    return rows.stream().map(Row::name).toList();
  }

  /**
   * Returns a figure of a candidate.
   *
   * @param name the candidate
   * @param column one of the columns
   * @return the cell
   * @throws IllegalArgumentException if there is no such candidate or column
   */
  public Cell cell(String name, Column column) {
    int index = columns.indexOf(column);
    if (index < 0) {
      throw new IllegalArgumentException("no column " + column + ", but " + columns);
    }
    return row(name).cells().get(index);
  }

  /**
   * Returns the value of a metric for a candidate.
   *
   * @param name the candidate
   * @param metric one of the metrics
   * @return the cell
   * @throws IllegalArgumentException if there is no such candidate or metric
   */
  public Cell cell(String name, Metric<?> metric) {
    return cell(name, Column.of(metric));
  }

  /**
   * Returns the row of a candidate.
   *
   * @param name the candidate
   * @return its row
   * @throws IllegalArgumentException if there is no such candidate
   */
  public Row row(String name) {
    return rows.stream()
        .filter(row -> row.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no candidate " + name + ", but " + names()));
  }

  /**
   * Returns which candidate the others are tested against.
   *
   * @return its name
   */
  public String baseline() {
    return baseline;
  }

  /**
   * Returns the confidence level of intervals and tests.
   *
   * @return such as 0.95
   */
  public double level() {
    return level;
  }

  /**
   * Returns the evaluation behind a row.
   *
   * @param name the candidate
   * @return the evaluation; empty in a table of cross-validations
   */
  public Optional<Evaluation> evaluation(String name) {
    return Optional.ofNullable(evaluations.get(row(name).name()));
  }

  /**
   * Tests two candidates against each other. The p-value is that of this one test; whoever makes
   * several corrects them.
   *
   * @param metric one of the metrics
   * @param first a candidate
   * @param second another
   * @return first minus second
   * @throws IllegalArgumentException if there is no such candidate or metric
   */
  public Comparison compare(Metric<?> metric, String first, String second) {
    cell(first, metric);
    cell(second, metric);
    Comparison raw =
        Objects.requireNonNull(evidence.get(first))
            .compare(metric, Objects.requireNonNull(evidence.get(second)));
    return TableRows.judged(raw, raw.pValue(), metric.goal(), level);
  }

  /**
   * Adds a column of other figures, as latencies.
   *
   * @param column which
   * @param figures one per candidate, by name
   * @return a changed copy
   * @throws IllegalArgumentException if the table has that column already, or a candidate has no
   *     figure
   */
  public MetricTable with(Column column, Map<String, Figure> figures) {
    if (columns.contains(column)) {
      throw new IllegalArgumentException("the table has a column " + column + " already");
    }
    List<Column> more = new ArrayList<>(columns);
    more.add(column);
    List<Row> longer = new ArrayList<>();
    for (Row row : rows) {
      List<Cell> cells = new ArrayList<>(row.cells());
      Figure figure = figures.get(row.name());
      if (figure == null) {
        throw new IllegalArgumentException(
            "candidate " + row.name() + " has no " + column + "; there are " + figures.keySet());
      }
      boolean best = TableRows.isBest(figure, figures.values(), column.goal());
      cells.add(new Cell(figure.value(), figure.interval(), best, null));
      longer.add(new Row(row.name(), cells, row.examples(), row.failures()));
    }
    return new MetricTable(evidence, evaluations, baseline, level, provenance, more, longer);
  }

  /**
   * Returns what made this.
   *
   * @return data, models, seed, settings, versions, machine and time
   */
  public Provenance provenance() {
    return provenance;
  }

  /**
   * Returns models and columns, without figures; those are written by {@link
   * io.vivace.evaluate.report.TableReport}.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return "MetricTable" + names() + columns;
  }
}
