package io.vivace.examples.compress;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.vivace.optimize.CompressionPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressTest {
  private static final String MODEL = "classpath:io/vivace/examples/compress/digits-mlp.onnx";

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Compress.run(new PrintWriter(out), new PrintWriter(err), args);
  }

  private String target(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void quantize_sentenceEncoder_isFourTimesSmaller() throws IOException {
    String target = target("new/int8.onnx");
    assertThat(run("quantize", "classpath:all-minilm-l6-v2.onnx", target)).isZero();
    assertThat(Files.size(Path.of(target))).isBetween(20_000_000L, 22_972_370L);
    assertThat(out.toString())
        .contains("MatMulInteger", "90,387,606", "MACs", "3.94 times smaller", "cosine");
  }

  @Test
  void quantize_noCheck_givesTheSameBytes() throws IOException {
    assertThat(run("quantize", MODEL, target("a.onnx"))).isZero();
    assertThat(run("quantize", MODEL, target("b.onnx"), "--no-check", "--threads", "1")).isZero();
    assertThat(folder.resolve("a.onnx"))
        .hasBinaryContent(Files.readAllBytes(folder.resolve("b.onnx")));
    assertThat(out.toString()).contains("no check was wanted");
  }

  @Test
  void prune_report_countsNonZeros() {
    assertThat(run("prune", MODEL, target("p.onnx"), "--sparsity", "0.75", "--report", "json"))
        .isZero();
    var report = JsonParser.parseString(out.toString()).getAsJsonObject();
    double share =
        report.getAsJsonObject("after").get("nonZeros").getAsDouble()
            / report.getAsJsonObject("before").get("nonZeros").getAsDouble();
    assertThat(share).isBetween(0.25, 0.27); // biases stay
    assertThat(report.getAsJsonArray("layers")).hasSize(3);
  }

  @Test
  void prune_groups_keepHalf() {
    assertThat(run("prune", MODEL, target("p.onnx"), "--keep", "2:4", "--report", "markdown"))
        .isZero();
    assertThat(out.toString()).contains("| 50.0 |");
  }

  @Test
  void share_thenCompare_tellsTheDifference() {
    assertThat(run("share", MODEL, target("s.onnx"), "--values", "16", "--quiet")).isZero();
    assertThat(out.toString()).isEmpty();
    assertThat(run("compare", MODEL, target("s.onnx"))).isZero();
    assertThat(out.toString()).contains("signal to noise", "latency");
  }

  @Test
  void inspect_model_listsLayers() {
    assertThat(run("inspect", MODEL)).isZero();
    assertThat(out.toString()).contains("layer", "Gemm", "MACs", "input \"input\"");
  }

  @Test
  void auto_plan_replaysToTheSameBytes() throws IOException {
    String plan = target("plan.json");
    assertThat(run("auto", MODEL, target("a.onnx"), "--loss", "0.00001", "--save-plan", plan))
        .isZero();
    assertThat(CompressionPlan.load(Path.of(plan)).steps()).hasSize(1);
    assertThat(run("auto", MODEL, target("b.onnx"), "--plan", plan)).isZero();
    assertThat(folder.resolve("a.onnx"))
        .hasBinaryContent(Files.readAllBytes(folder.resolve("b.onnx")));
  }

  @Test
  void auto_goalThatCannotBeMet_writesTheBestAndSaysSo() {
    assertThat(run("auto", MODEL, target("a.onnx"), "--loss", "0", "--size", "1000"))
        .isEqualTo(Compress.MISSED);
    assertThat(folder.resolve("a.onnx")).exists();
    assertThat(out.toString()).contains("NOT within");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prune",
        "prune a b --sparsity 2",
        "prune a b --keep 4",
        "share a b --values 1",
        "squeeze a b",
        "quantize a b --threads 0"
      })
  void run_wrongArguments_exitCodeTwo(String line) {
    String args = line.replace(" a b", " " + MODEL + " " + target("x.onnx"));
    assertThat(run(args.split(" ", -1))).isEqualTo(2);
    assertThat(err.toString()).isNotBlank().doesNotContain("\tat ");
    assertThat(folder.resolve("x.onnx")).doesNotExist();
  }

  @Test
  void run_missingModel_exitCodeOne() {
    assertThat(run("quantize", target("missing.onnx"), target("x.onnx"))).isOne();
    assertThat(err.toString()).contains("missing.onnx does not exist").doesNotContain("\tat ");
  }

  @Test
  void run_quantizedTwice_exitCodeOne() {
    assertThat(run("quantize", MODEL, target("a.onnx"), "--no-check")).isZero();
    assertThat(run("quantize", target("a.onnx"), target("b.onnx"))).isOne();
    assertThat(err.toString()).contains("quantized already");
  }

  @Test
  void run_targetThatCannotBeWritten_exitCodeThree() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    assertThat(run("share", MODEL, file.resolve("x.onnx").toString())).isEqualTo(3);
    assertThat(file).hasContent("in the way");
  }

  @Test
  void help_command_namesItsOptions() {
    assertThat(run("prune", "--help")).isZero();
    assertThat(out.toString()).contains("--sparsity", "Default: 0.5", "MODEL", "TARGET");
  }
}
