package io.vivace.evaluate.report;

import io.vivace.evaluate.MetricTable;
import io.vivace.evaluate.MetricTable.Cell;
import io.vivace.evaluate.MetricTable.Row;
import io.vivace.evaluate.metric.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BinaryOperator;

/**
 * A table of models and metrics in the forms that people read: text for a terminal, Markdown, and
 * LaTeX; and in those that programs read: CSV and JSON. Immutable.
 *
 * <p>The best value of each column is marked, intervals stand behind the values, and a sign tells
 * where a model is significantly better or worse than the baseline. A value that is undefined is
 * {@code n/a}, in JSON null and in CSV empty.
 *
 * <pre>{@code
 * System.out.println(TableReport.of(table).toText());
 * Files.writeString(Path.of("models.md"), TableReport.of(table).toMarkdown());
 * }</pre>
 */
public final class TableReport {
  private final MetricTable table;
  private final TableCells cells;

  private TableReport(MetricTable table) {
    this.table = Objects.requireNonNull(table, "table");
    this.cells = new TableCells(table);
  }

  /**
   * Takes a table.
   *
   * @param table the table
   * @return its forms
   */
  public static TableReport of(MetricTable table) {
    return new TableReport(table);
  }

  /**
   * Returns the table for a terminal or a log, in columns of equal width.
   *
   * @return lines, and one that explains the marks
   */
  public String toText() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(cells.header());
    lines.addAll(grid((value, interval) -> (value + " " + interval).strip(), "", "*"));
    int columns = lines.get(0).size();
    int[] widths = new int[columns];
    for (List<String> line : lines) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], line.get(i).codePointCount(0, line.get(i).length()));
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      StringBuilder row = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        String cell = line.get(i).replace('\n', ' ');
        row.append(cell).append(" ".repeat(widths[i] - cell.codePointCount(0, cell.length()) + 2));
      }
      text.append(row.toString().stripTrailing()).append('\n');
    }
    return text.append(cells.legend("*")).append('\n').toString();
  }

  /**
   * Returns the table as GitHub's Markdown.
   *
   * @return the table, the best values bold, and a line that explains the marks
   */
  public String toMarkdown() {
    StringBuilder text = new StringBuilder();
    markdown(text, cells.header());
    text.append("|---").append("|--:".repeat(cells.header().size() - 1)).append("|\n");
    grid((value, interval) -> (value + " " + interval).strip(), "**", "**")
        .forEach(line -> markdown(text, line));
    return text.append('\n').append(cells.legend("**bold**:")).append('\n').toString();
  }

  private static void markdown(StringBuilder text, List<String> line) {
    for (String cell : line) {
      text.append("| ").append(cell.replace("|", "\\|").replace('\n', ' ')).append(' ');
    }
    text.append("|\n");
  }

  /**
   * Returns the table for a paper.
   *
   * @return a {@code tabular} environment, the best values bold
   */
  public String toLatex() {
    StringBuilder text = new StringBuilder();
    text.append("\\begin{tabular}{l").append("r".repeat(cells.header().size() - 1)).append("}\n");
    text.append("\\hline\n");
    latex(text, cells.header().stream().map(Latex::escape).toList());
    text.append("\\hline\n");
    for (Row row : table.rows()) {
      List<String> line = new ArrayList<>();
      line.add(Latex.escape(cells.name(row)));
      for (int i = 0; i < row.cells().size(); i++) {
        line.add(latex(table.columns().get(i), row.cells().get(i)));
      }
      if (cells.hasFailures()) {
        line.add(cells.failures(row));
      }
      latex(text, line);
    }
    return text.append("\\hline\n\\end{tabular}\n").toString();
  }

  private String latex(Column column, Cell cell) {
    String value = Latex.escape(cells.value(column, cell));
    String shown = cell.best() ? "\\textbf{" + value + "}" : value;
    String sign = cells.mark(cell).isEmpty() ? "" : "$^{" + cells.mark(cell) + "}$";
    String interval = cells.interval(column, cell);
    return shown + sign + (interval.isEmpty() ? "" : " {\\small " + Latex.escape(interval) + "}");
  }

  private static void latex(StringBuilder text, List<String> line) {
    text.append(String.join(" & ", line)).append(" \\\\\n");
  }

  /**
   * Returns the table as JSON, with every number as it was computed.
   *
   * @return columns, rows, baseline, level and provenance
   */
  public String toJson() {
    return TableData.json(table);
  }

  /**
   * Returns the table as CSV (RFC 4180), with every number as it was computed.
   *
   * @return a header, and a row for each model: name, examples, failures, and for each column the
   *     value, the bounds of its interval and the p-value against the baseline
   */
  public String toCsv() {
    return TableData.csv(table);
  }

  /** The table for a page. */
  String toHtml() {
    StringBuilder html = new StringBuilder("<div class=\"scroll\"><table><thead><tr>");
    cells.header().forEach(name -> html.append("<th>").append(Svg.escape(name)).append("</th>"));
    html.append("</tr></thead><tbody>\n");
    for (Row row : table.rows()) {
      html.append("<tr><td>").append(Svg.escape(cells.name(row))).append("</td>");
      for (int i = 0; i < row.cells().size(); i++) {
        html(html, table.columns().get(i), row.cells().get(i));
      }
      if (cells.hasFailures()) {
        html.append("<td>").append(cells.failures(row)).append("</td>");
      }
      html.append("</tr>\n");
    }
    html.append("</tbody></table></div><p class=\"small\">");
    return html.append(Svg.escape(cells.legend("Shaded:"))).append("</p>\n").toString();
  }

  private void html(StringBuilder html, Column column, Cell cell) {
    html.append(cell.best() ? "<td class=\"best\">" : "<td>");
    html.append(Svg.escape(cells.value(column, cell) + " " + cells.mark(cell)).strip());
    html.append(" <span class=\"small\">").append(Svg.escape(cells.interval(column, cell)));
    html.append("</span></td>");
  }

  private List<List<String>> grid(BinaryOperator<String> join, String before, String after) {
    List<List<String>> lines = new ArrayList<>();
    for (Row row : table.rows()) {
      List<String> line = new ArrayList<>();
      line.add(cells.name(row));
      for (int i = 0; i < row.cells().size(); i++) {
        Column column = table.columns().get(i);
        Cell cell = row.cells().get(i);
        String value = cells.value(column, cell);
        String shown = cell.best() ? before + value + after : value;
        line.add(
            join.apply((shown + " " + cells.mark(cell)).strip(), cells.interval(column, cell)));
      }
      if (cells.hasFailures()) {
        line.add(cells.failures(row));
      }
      lines.add(line);
    }
    return lines;
  }

  @Override
  public String toString() {
    return "TableReport[" + table + "]";
  }
}
