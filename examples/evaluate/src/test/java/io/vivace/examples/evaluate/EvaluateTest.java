package io.vivace.examples.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.evaluate.select.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateTest {
  @TempDir Path folder;

  @Test
  void run_comparesThreeModelsOnBothDataSetsAndRecommendsOne() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    List<Verdict> verdicts =
        Evaluate.run(new PrintStream(bytes, true, StandardCharsets.UTF_8), folder);

    String text = bytes.toString(StandardCharsets.UTF_8);
    assertThat(text).contains("breast cancer: 569 examples", "digits: 1,797 examples");
    assertThat(text.lines().filter(line -> line.startsWith("naive Bayes  "))).hasSize(4);
    // Latency alone may differ from machine to machine, and no model comes near its limit.
    assertThat(verdicts.get(0).outcome()).isEqualTo(Verdict.Outcome.CHOSEN);
    assertThat(verdicts.get(1).outcome()).isEqualTo(Verdict.Outcome.CHOSEN);
    assertThat(verdicts.get(1).chosen()).get().isNotEqualTo("naive Bayes");
    assertThat(folder.resolve("breast-cancer.html"))
        .content()
        .contains("ROC curve", "Learning curve", "Search history", "<svg");
    assertThat(folder.resolve("digits.html")).content().contains("Confusion matrix", "log loss");
  }
}
