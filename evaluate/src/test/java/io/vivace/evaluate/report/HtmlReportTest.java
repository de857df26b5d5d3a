package io.vivace.evaluate.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class HtmlReportTest {
  @TempDir Path folder;

  @Test
  void page_isWellFormedAndNeedsNothingFromOutside() throws IOException {
    Path file = folder.resolve("report.html");
    report().writeTo(file);

    String html = Files.readString(file);
    Document document = SvgDocument.parse(html.replace("<!DOCTYPE html>\n", ""));

    assertThat(document.getElementsByTagName("svg").getLength()).isEqualTo(1);
    assertThat(document.getElementsByTagName("td").getLength()).isEqualTo(2);
    assertThat(document.getElementsByTagName("h1").item(0).getTextContent()).isEqualTo("A & <b>");
    assertThat(html).doesNotContain("<script").doesNotContain("src=").doesNotContain("@import");
    assertThat(html).doesNotContain("url(").contains("prefers-color-scheme:dark");
    assertThat(html).contains("&quot;seed&quot;: &quot;7&quot;");
  }

  @Test
  void writeTo_replacesAnOlderFileAndLeavesNoDraft() throws IOException {
    Path file = Files.writeString(folder.resolve("report.html"), "old");

    report().writeTo(file);

    assertThat(file).content().startsWith("<!DOCTYPE html>");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void writeTo_aFolderThatIsNotThere_failsAndWritesNothing() {
    assertThatThrownBy(() -> report().writeTo(folder.resolve("missing").resolve("report.html")))
        .isInstanceOf(IOException.class);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void table_withARaggedRow_isRefused() {
    assertThatThrownBy(() -> new HtmlReport("t").table(List.of("a", "b"), List.of(List.of("1"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a row must have 2 cells, but has 1: [1]");
  }

  private static HtmlReport report() {
    return new HtmlReport("A & <b>")
        .section("Verdict")
        .text("Take \"int8\" <now>.")
        .table(List.of("model", "F1"), List.of(List.of("<int8>", "0.9")))
        .chart(CurveChart.roc(Series.of("a", new double[] {0, 1}, new double[] {0, 1})))
        .provenance(Provenance.now().seed(7));
  }
}
