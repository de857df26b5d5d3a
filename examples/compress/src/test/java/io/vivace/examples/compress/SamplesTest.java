package io.vivace.examples.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vivace.optimize.CompressionReport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplesTest {
  @TempDir Path folder;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void prunedModel_zeros_saveNothingUntilTheyAreRemoved() {
    List<CompressionReport> reports = PrunedModel.run(folder, out);
    CompressionReport zeros = reports.get(0);
    assertThat(zeros.after().nonZeros()).isEqualTo(zeros.before().nonZeros() - 100 * 784);
    assertThat(zeros.after().bytes()).isCloseTo(zeros.before().bytes(), within(100L));
    CompressionReport cut = reports.get(1);
    // 100 rows of fc1, 100 biases, 100 columns of fc2.
    assertThat(cut.after().parameters())
        .isEqualTo(cut.before().parameters() - 100 * (784 + 1 + 10));
    assertThat(cut.after().bytes())
        .isLessThan(cut.before().bytes() - 100 * (784 + 1 + 10) * 4 + 100);
    assertThat(cut.after().macs()).isEqualTo(924L * (784 + 10));
    // What was cut out was 0: the answers are the same but for the order of additions.
    assertThat(cut.differences())
        .singleElement()
        .satisfies(difference -> assertThat(difference.largestError()).isLessThan(1e-5));
    assertThat(cut.latency().after().count()).isPositive();
    assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("and removed", "us a run");
  }

  @Test
  void sharedConvolution_isStoredOnceAndStaysOne() {
    List<CompressionReport> reports = SharedConvolution.run(folder, out);
    CompressionReport comparison = reports.get(0);
    long one = 64L * 64 * 9;
    assertThat(comparison.after().parameters()).isEqualTo(comparison.before().parameters() - one);
    assertThat(comparison.after().bytes()).isLessThan(comparison.before().bytes() - 4 * one);
    assertThat(comparison.after().macs()).isEqualTo(comparison.before().macs());
    CompressionReport later = reports.get(1);
    assertThat(later.after().parameters()).isEqualTo(comparison.after().parameters());
    assertThat(later.after().bytes()).isCloseTo(comparison.after().bytes(), within(100L));
  }
}
