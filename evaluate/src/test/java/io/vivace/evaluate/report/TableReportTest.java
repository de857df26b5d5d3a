package io.vivace.evaluate.report;

import static io.vivace.evaluate.metric.ClassificationMetrics.ACCURACY;
import static io.vivace.evaluate.metric.ClassificationMetrics.F1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vivace.core.Predictor;
import io.vivace.core.data.Dataset;
import io.vivace.evaluate.Evaluator;
import io.vivace.evaluate.Figure;
import io.vivace.evaluate.MetricTable;
import io.vivace.evaluate.metric.Column;
import io.vivace.evaluate.metric.Goal;
import io.vivace.evaluate.metric.Interval;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class TableReportTest {
  private static final String HOSTILE = "a|b & c_1 <i>\\\",";
  private static final Column LATENCY = Column.of("p99", Goal.MINIMIZE, "ns");

  private final MetricTable table = table();
  private final TableReport report = TableReport.of(table);

  @Test
  void text_alignsColumnsAndMarksBestAndSignificance() {
    String[] lines = report.toText().lines().toArray(String[]::new);

    assertThat(lines).hasSize(4);
    assertThat(lines[0]).startsWith("model").contains("accuracy").endsWith("failures");
    assertThat(lines[1]).startsWith("perfect (baseline)").contains("1.0000*").contains("1.500 ms");
    assertThat(lines[2]).contains("0.5000 - [").contains("n/a").endsWith("0 of 200");
    assertThat(lines[3]).contains("95.0 %").contains("worse than perfect");
    assertThat(lines[1].indexOf("1.0000*")).isEqualTo(lines[2].indexOf("0.5000"));
  }

  @Test
  void markdown_hasAsManyCellsInEachLine() {
    String[] lines = report.toMarkdown().lines().toArray(String[]::new);

    for (int i = 0; i < 4; i++) {
      assertThat(lines[i].replace("\\|", "").chars().filter(c -> c == '|')).hasSize(6);
    }
    assertThat(lines[2]).contains("**1.0000**");
    assertThat(lines[3]).contains("a\\|b");
  }

  @Test
  void latex_escapesWhatWouldRun() {
    String latex = report.toLatex();

    assertThat(latex)
        .contains("a|b \\& c\\_1 <i>\\textbackslash{}\",")
        .contains("\\textbf{1.0000}");
    assertThat(latex).contains("\\begin{tabular}{lrrrr}").contains("$^{-}$");
    assertThat(latex.lines().filter(line -> line.endsWith("\\\\"))).hasSize(3);
  }

  @Test
  void json_holdsEveryNumberAsItIs() {
    JsonObject json = JsonParser.parseString(report.toJson()).getAsJsonObject();
    JsonArray cells = json.getAsJsonArray("rows").get(1).getAsJsonObject().getAsJsonArray("cells");
    JsonObject accuracy = cells.get(0).getAsJsonObject();

    assertThat(json.get("baseline").getAsString()).isEqualTo("perfect");
    assertThat(accuracy.get("value").getAsDouble())
        .isEqualTo(table.cell(HOSTILE, ACCURACY).value());
    assertThat(accuracy.get("significance").getAsString()).isEqualTo("WORSE");
    assertThat(cells.get(2).getAsJsonObject().get("value").isJsonNull()).isTrue();
    assertThat(json.getAsJsonObject("provenance").get("data").toString()).contains("test");
  }

  @Test
  void csv_isReadBackAsItWas() throws IOException {
    List<CSVRecord> records =
        CSVFormat.RFC4180.parse(new StringReader(report.toCsv())).getRecords();

    assertThat(records).hasSize(3);
    assertThat(records.get(0).get(11)).isEqualTo("p99 (ns)");
    assertThat(records.get(2).get(0)).isEqualTo(HOSTILE);
    assertThat(Double.parseDouble(records.get(2).get(3)))
        .isEqualTo(table.cell(HOSTILE, ACCURACY).value());
    assertThat(records.get(2).get(11)).isEmpty();
  }

  @Test
  void html_isWellFormedAndShadesTheBest() {
    Document page = SvgDocument.parse("<html>" + report.toHtml() + "</html>");

    assertThat(page.getElementsByTagName("td").getLength()).isEqualTo(10);
    assertThat(page.getElementsByTagName("td").item(5).getTextContent()).isEqualTo(HOSTILE);
    assertThat(report.toHtml()).contains("<td class=\"best\">1.0000");
  }

  @Test
  void quantities_haveTheDigitsThatMatter() {
    assertThat(Quantity.text(0.123456, "")).isEqualTo("0.1235");
    assertThat(Quantity.text(1234.5, "")).isEqualTo("1235");
    assertThat(Quantity.text(1e-5, "")).isEqualTo("1.000e-05");
    assertThat(Quantity.text(0, "")).isEqualTo("0.0000");
    assertThat(Quantity.text(Double.POSITIVE_INFINITY, "")).isEqualTo("inf");
    assertThat(Quantity.text(Double.NaN, "ns")).isEqualTo("n/a");
    assertThat(Quantity.text(999.7, "ns")).isEqualTo("1.000 us");
    assertThat(Quantity.text(12_345_678, "ns")).isEqualTo("12.35 ms");
    assertThat(Quantity.text(90_387_630, "bytes")).isEqualTo("90.39 MB");
    assertThat(Quantity.text(250, "rows/s")).isEqualTo("250 rows/s");
  }

  private static MetricTable table() {
    List<Integer> inputs = IntStream.range(0, 200).boxed().toList();
    List<String> labels = inputs.stream().map(i -> i % 2 == 0 ? "even" : "odd").toList();
    Predictor<Integer, String> perfect =
        Predictor.of(
            i -> {
              if (i == 7) {
                throw new IllegalStateException("seven");
              }
              return i % 2 == 0 ? "even" : "odd";
            });
    Interval interval = new Interval(1.4e6, 1.7e6, 0.95, "order statistics");
    return Evaluator.<String, String>classification(List.of("even", "odd"))
        .metrics(ACCURACY, F1.macro())
        .candidate("perfect", perfect)
        .candidate(HOSTILE, Predictor.<Integer, String>of(i -> "even"))
        .on(Dataset.of(inputs, labels))
        .with(
            LATENCY,
            Map.of(
                "perfect",
                new Figure(1.5e6, interval),
                HOSTILE,
                new Figure(Double.NaN, Interval.undefined(0.95, "none"))));
  }
}
