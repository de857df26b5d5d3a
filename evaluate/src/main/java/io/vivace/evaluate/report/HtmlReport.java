package io.vivace.evaluate.report;

import io.vivace.core.Provenance;
import io.vivace.evaluate.MetricTable;
import io.vivace.evaluate.internal.WholeText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * One HTML file with everything in it: tables, charts and where they came from. It needs no network
 * and no script, follows the reader's light or dark setting, and prints.
 *
 * <pre>{@code
 * new HtmlReport("Which model?")
 *     .section("Verdict").text("Take int8: as good as fp32, a quarter of its size.")
 *     .section("Curves").chart(CurveChart.roc(fp32, int8))
 *     .provenance(provenance)
 *     .writeTo(Path.of("report.html"));
 * }</pre>
 *
 * <p>All text is escaped. Not thread-safe.
 */
public final class HtmlReport {
  private final String title;
  private final StringBuilder body = new StringBuilder();

  /**
   * Starts an empty report.
   *
   * @param title the heading and the title of the page
   */
  public HtmlReport(String title) {
    this.title = Objects.requireNonNull(title, "title");
  }

  /**
   * Starts a section.
   *
   * @param heading its heading
   * @return this report
   */
  public HtmlReport section(String heading) {
    return element("h2", heading);
  }

  /**
   * Adds a paragraph.
   *
   * @param text plain text
   * @return this report
   */
  public HtmlReport text(String text) {
    return element("p", text);
  }

  /**
   * Adds a chart with its title as caption.
   *
   * @param chart the chart
   * @return this report
   */
  public HtmlReport chart(Chart chart) {
    body.append("<figure>").append(chart.inline());
    element("figcaption", chart.title());
    body.append("</figure>\n");
    return this;
  }

  /**
   * Adds a table of texts.
   *
   * @param columns the headings
   * @param rows the cells, each row as long as there are columns
   * @return this report
   * @throws IllegalArgumentException if a row is longer or shorter
   */
  public HtmlReport table(List<String> columns, List<List<String>> rows) {
    for (List<String> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "a row must have " + columns.size() + " cells, but has " + row.size() + ": " + row);
      }
    }
    body.append("<div class=\"scroll\"><table><thead>");
    row("th", columns);
    body.append("</thead><tbody>");
    rows.forEach(row -> row("td", row));
    body.append("</tbody></table></div>\n");
    return this;
  }

  /**
   * Adds a table of models and metrics, its best values shaded.
   *
   * @param table the table
   * @return this report
   */
  public HtmlReport table(MetricTable table) {
    return markup(TableReport.of(table).toHtml());
  }

  private void row(String element, List<String> cells) {
    body.append("<tr>");
    cells.forEach(cell -> element(element, cell));
    body.append("</tr>\n");
  }

  /**
   * Adds where the results came from.
   *
   * @param provenance data, models, settings, versions and machine
   * @return this report
   */
  public HtmlReport provenance(Provenance provenance) {
    section("Provenance");
    return element("pre", provenance.toJson());
  }

  /** Adds markup that was escaped already. */
  private HtmlReport markup(String markup) {
    body.append(markup);
    return this;
  }

  private HtmlReport element(String name, String text) {
    body.append('<').append(name).append('>').append(Svg.escape(text));
    body.append("</").append(name).append(">\n");
    return this;
  }

  /**
   * Returns the page.
   *
   * @return an HTML document in UTF-8
   */
  public String toHtml() {
    String safe = Svg.escape(title);
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
        + "<title>"
        + safe
        + "</title><style>"
        + Style.PAGE
        + Style.CHART
        + "</style></head><body>\n<h1>"
        + safe
        + "</h1>\n"
        + body
        + "</body></html>\n";
  }

  /**
   * Writes the page. The file is there whole or not at all, and an older one is replaced.
   *
   * @param file where to; its folder must exist
   * @throws IOException if it cannot be written
   */
  public void writeTo(Path file) throws IOException {
    WholeText.write(file, toHtml());
  }
}
