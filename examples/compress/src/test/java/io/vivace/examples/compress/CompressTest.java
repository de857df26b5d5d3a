package io.vivace.examples.compress;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonParser;
import io.vivace.optimize.CompressionPlan;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
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
        .contains("MatMulInteger", "90,387,606", "MACs", "3.95 times smaller", "cosine");
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
  void pack_sharedWeights_areSmallInTheFileAndSmallerInTheContainer() throws IOException {
    assertThat(run("share", MODEL, target("s.onnx"), "--values", "16", "--quiet")).isZero();
    String container = target("s.vvp");
    String packed = target("packed.onnx");
    assertThat(run("pack", target("s.onnx"), packed, "--container", container)).isZero();
    assertThat(Files.size(Path.of(packed))).isLessThan(Files.size(folder.resolve("s.onnx")) / 5);
    assertThat(Files.size(Path.of(container))).isLessThan(Files.size(Path.of(packed)));
    assertThat(out.toString()).contains("s.vvp", "1.00000");
    assertThat(run("compare", packed, container)).isZero();
  }

  @Test
  void inspect_model_listsLayers() {
    assertThat(run("inspect", MODEL)).isZero();
    assertThat(out.toString())
        .contains("layer", "Gemm", "MACs", "input \"input\"", "operators ai.onnx 1");
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
        "prune a b --channels 0.5 --sparsity 0.5",
        "prune a b --channels 2",
        "factorize a b --energy 0.9 --size 0.5",
        "factorize a b --size 2",
        "round a b --bits 1",
        "quantize a b --mode static",
        "quantize a b --mode weights --bits 3",
        "quantize a b --mode weights --per-tensor",
        "quantize a b --mode some",
        "quantize a b --bits 4",
        "quantize a b --ranges mse",
        "quantize a b --calibration x.csv",
        "quantize a b --threads 1 --samples DATA --shape 8x",
        "quantize a b --threads 1 --samples DATA --shape 8x9",
        "quantize a b --samples DATA --count 0",
        "quantize a b --samples DATA --divide 0",
        "quantize a b --threads 0"
      })
  void run_wrongArguments_exitCodeTwo(String line) throws IOException {
    String args =
        line.replace(" a b", " " + MODEL + " " + target("x.onnx")).replace("DATA", digits());
    assertThat(run(args.split(" ", -1))).isEqualTo(2);
    assertThat(err.toString()).isNotBlank().doesNotContain("\tat ");
    assertThat(folder.resolve("x.onnx")).doesNotExist();
  }

  @Test
  void run_missingModel_exitCodeThree() {
    assertThat(run("quantize", target("missing.onnx"), target("x.onnx"))).isEqualTo(3);
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
  void run_targetThatIsAFolder_exitCodeThreeBeforeAnyWork() {
    assertThat(run("share", MODEL, folder.toString())).isEqualTo(3);
    assertThat(err.toString()).contains("it is a folder").doesNotContain("\tat ");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void run_ended_leavesNoFile() throws Exception {
    assumeTrue(ProcessHandle.current().supportsNormalTermination());
    Process work =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Compress.class.getName(),
                "auto",
                "classpath:all-minilm-l6-v2.onnx",
                target("x.onnx"),
                "--loss",
                "1e-4")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      boolean begun = false;
      while (work.isAlive() && !begun) {
        begun = !isEmpty(folder);
      }
      assertThat(begun).isTrue();
      work.destroy();
      assertThat(work.waitFor()).isNotZero();
    } finally {
      work.destroyForcibly();
    }
    assertThat(folder).isEmptyDirectory();
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }

  /** 40 made-up images of 8 x 8 as a table. */
  private String digits() throws IOException {
    Random random = new Random(3);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      lines.add(
          random.ints(64, 0, 17).mapToObj(Integer::toString).collect(Collectors.joining(",")));
    }
    return Files.write(folder.resolve("digits.csv"), lines).toString();
  }

  /** The same as an IDX file of bytes. */
  private String digitsAsBytes() throws IOException {
    List<String> lines = Files.readAllLines(Path.of(digits()));
    ByteBuffer bytes = ByteBuffer.allocate(16 + 40 * 64);
    bytes.putInt(0x803).putInt(40).putInt(8).putInt(8);
    for (String line : lines) {
      for (String number : line.split(",", -1)) {
        bytes.put(Byte.parseByte(number));
      }
    }
    return Files.write(folder.resolve("digits.idx"), bytes.array()).toString();
  }

  private String torch() throws IOException {
    return Files.write(folder.resolve("digits-mlp.pt"), resource("digits-mlp.pt")).toString();
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = CompressTest.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  @Test
  void quantize_static_takesTablesAndArraysAlike() throws IOException {
    for (String data : List.of(digits(), digitsAsBytes())) {
      assertThat(
              run(
                  ("quantize " + MODEL + " " + data + ".onnx --mode static --divide 16 --count 30")
                      .concat(" --ranges percentile --calibration " + data + " --samples " + data)
                      .split(" ", -1)))
          .isZero();
    }
    assertThat(folder.resolve("digits.csv.onnx"))
        .hasBinaryContent(Files.readAllBytes(folder.resolve("digits.idx.onnx")));
    assertThat(out.toString()).contains("DequantizeLinear", "on 30 samples");
  }

  @Test
  void quantize_weightsOfEachWidth_areSmallerAndSmaller() throws IOException {
    long before = Long.MAX_VALUE;
    for (String bits : List.of("8", "4", "2")) {
      String target = target("w" + bits + ".onnx");
      assertThat(run("quantize", MODEL, target, "--mode", "weights", "--bits", bits)).isZero();
      assertThat(Files.size(Path.of(target))).isLessThan(before);
      before = Files.size(Path.of(target));
    }
    assertThat(out.toString()).contains("MatMulNBits");
    String data = digits();
    assertThat(
            run(
                ("quantize " + MODEL + " " + target("g.onnx") + " --mode weights --gptq --block 64")
                    .concat(" --divide 16 --calibration " + data)
                    .split(" ", -1)))
        .isZero();
  }

  @Test
  void factorize_eachTarget_savesWeights() {
    for (String target : List.of("--energy 0.9", "--size 0.5", "--error 0.5")) {
      assertThat(run(("factorize " + MODEL + " " + target("f.onnx ") + target).split(" ", -1)))
          .isZero();
    }
    assertThat(run("factorize", MODEL, target("f.onnx"), "--size", "0.4", "--report", "json"))
        .isZero();
    String json = out.toString().substring(out.toString().lastIndexOf("{\n  \"model\""));
    var report = JsonParser.parseString(json).getAsJsonObject();
    assertThat(report.getAsJsonObject("after").get("parameters").getAsDouble())
        .isLessThan(0.5 * report.getAsJsonObject("before").get("parameters").getAsDouble());
  }

  @Test
  void prune_channels_makesTheFileSmaller() throws IOException {
    assertThat(run("prune", MODEL, target("c.onnx"), "--channels", "0.5")).isZero();
    assertThat(Files.size(folder.resolve("c.onnx"))).isLessThan(100_000);
  }

  @Test
  void torchScript_pruneShareRound_runInPyTorch() throws IOException {
    String model = torch();
    String data = digits();
    for (String work :
        List.of("prune %s %s --sparsity 0.8", "share %s %s", "round %s %s --bits 8")) {
      String line = work.formatted(model, target("t.pt")) + " --divide 16 --samples " + data;
      assertThat(run(line.split(" ", -1))).as("%s", err).isZero();
    }
    assertThat(out.toString()).contains("run by PyTorch on 40 samples", "cosine");
    assertThat(run("compare", model, target("t.pt"), "--samples", data)).isZero();
    assertThat(run("inspect", model)).isZero();
    assertThat(out.toString())
        .contains(
            "TorchScript, 208,987 bytes, 50,826 parameters and elements of buffers",
            "\"0.weight\"",
            "of Linear");
  }

  @ParameterizedTest
  @ValueSource(strings = {"quantize", "factorize", "prune --channels 0.5", "auto"})
  void torchScript_passOfAGraph_exitCodeOne(String work) throws IOException {
    String line = work.replaceFirst("^(\\w+)", "$1 " + torch() + " " + target("x.pt"));
    assertThat(run(line.split(" ", -1))).isOne();
    assertThat(err.toString()).contains("ONNX").doesNotContain("\tat ");
    assertThat(folder.resolve("x.pt")).doesNotExist();
  }

  @Test
  void torchScript_damaged_exitCodeOne() throws IOException {
    byte[] bytes = resource("digits-mlp.pt");
    bytes[1_000]++;
    Path damaged = Files.write(folder.resolve("damaged.pt"), bytes);
    assertThat(run("prune", damaged.toString(), target("x.pt"))).isOne();
    assertThat(run("inspect", damaged.toString())).isOne();
    assertThat(err.toString()).contains("checksum").doesNotContain("\tat ");
  }

  /** As numpy 2 writes it: magic, version 1.0, a header of a multiple of 64 bytes. */
  private static byte[] npy(String type, String shape, byte[] content) {
    String header = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(type, shape);
    byte[] text = (header + " ".repeat(117 - header.length()) + "\n").getBytes(US_ASCII);
    return ByteBuffer.allocate(10 + 118 + content.length)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0})
        .put(text)
        .put(content)
        .array();
  }

  private byte[] digitBytes() throws IOException {
    byte[] idx = Files.readAllBytes(Path.of(digitsAsBytes()));
    return Arrays.copyOfRange(idx, 16, idx.length);
  }

  private String npz(String entry, byte[] content) throws IOException {
    Path file = folder.resolve("samples.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(content);
    }
    return file.toString();
  }

  @Test
  void quantize_arraysOfNumPy_giveWhatIdxGives() throws IOException {
    byte[] content = digitBytes();
    ByteBuffer wide =
        ByteBuffer.allocate(4 * content.length).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < content.length; i++) {
      wide.putFloat(content[i] / 16f);
    }
    String npy =
        Files.write(folder.resolve("digits.npy"), npy("|u1", "(40, 8, 8)", content)).toString();
    String npz = npz("input.npy", npy("<f4", "(40, 64)", wide.array()));
    int number = 0;
    for (String data : List.of(digitsAsBytes() + " --divide 16", npy + " --divide 16", npz)) {
      String line =
          "quantize %s %s --mode static --count 30 --no-check --calibration %s"
              .formatted(MODEL, target("q" + number++ + ".onnx"), data);
      assertThat(run(line.split(" ", -1))).as("%s", err).isZero();
    }
    byte[] expected = Files.readAllBytes(folder.resolve("q0.onnx"));
    assertThat(folder.resolve("q1.onnx")).hasBinaryContent(expected);
    assertThat(folder.resolve("q2.onnx")).hasBinaryContent(expected);
  }

  @Test
  void samples_hostileArrays_exitCodeThreeOrTwo() throws IOException {
    byte[] four = new byte[4];
    assertRefused(npz("input.npy", npy("|O", "(1,)", four)), "|O");
    assertRefused(npz("input.npy", npy("<f4", "(1000000000, 64)", four)), "states 25,600 bytes");
    assertRefused(
        npz("input.npy", npy("<f4", "(1, 90000000000)", four)), "1,073,741,824 bytes left");
    assertRefused(npz("input.npy", npy("<f4", "(0, 64)", four)), "states the shape (0, 64)");
    assertRefused(npz("input.npy", npy("<f4", "(2, 64)", four)), "input.npy");
    assertRefused(npz("input.npy", new byte[] {1, 2, 3}), "no array of NumPy");
    assertRefused(npz("other.npy", npy("<f4", "(1, 1)", four)), "other");
    assertRefused(npz("input.npy", npy("<f4", "()", four)), "no axis");
  }

  private void assertRefused(String data, String reason) {
    assertThat(run("quantize", MODEL, target("x.onnx"), "--samples", data)).isBetween(2, 3);
    assertThat(err.toString()).contains(reason).doesNotContain("\tat ");
    assertThat(folder.resolve("x.onnx")).doesNotExist();
  }

  @Test
  void samples_missingOrDamaged_exitCodeThree() throws IOException {
    assertThat(run("quantize", MODEL, target("x.onnx"), "--samples", target("no.csv")))
        .isEqualTo(3);
    Path text = Files.writeString(folder.resolve("words.csv"), "a,b\nc,d\n");
    assertThat(run("quantize", MODEL, target("x.onnx"), "--samples", text.toString())).isEqualTo(3);
    Path bytes = Files.write(folder.resolve("half.idx"), new byte[] {0, 0, 8, 3, 0, 0});
    assertThat(run("quantize", MODEL, target("x.onnx"), "--samples", bytes.toString()))
        .isEqualTo(3);
    assertThat(err.toString()).contains("no.csv", "words.csv", "half.idx").doesNotContain("\tat ");
    assertThat(folder.resolve("x.onnx")).doesNotExist();
  }

  @Test
  void help_command_namesItsOptions() {
    assertThat(run("prune", "--help")).isZero();
    assertThat(out.toString()).contains("--sparsity", "Default: 0.5", "MODEL", "TARGET");
  }
}
