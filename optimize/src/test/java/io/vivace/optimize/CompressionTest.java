package io.vivace.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonParser;
import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.factorize.Factorization;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.pack.Packing;
import io.vivace.optimize.prune.Pruning;
import io.vivace.optimize.prune.StructuralPruning;
import io.vivace.optimize.quantize.Quantization;
import io.vivace.optimize.share.WeightSharing;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class CompressionTest {
  /**
   * Size of the 8-bit file of the same model on Maven Central, which the default must not exceed.
   */
  private static final long PUBLISHED_BYTES = 22_972_370;

  @TempDir Path folder;

  @Test
  void saveTo_dynamicInt8OfSentenceEncoder_isSmallAndClose() {
    Path target = folder.resolve("small.onnx");
    CompressionReport report =
        Compression.of(ModelSource.path(TestModels.file(TestModels.MINILM)))
            .quantize(Quantization.dynamicInt8())
            .samples(sentences().subList(0, 20))
            .saveTo(target);
    assertThat(report.after().bytes()).isLessThanOrEqualTo(PUBLISHED_BYTES);
    assertThat(target).hasSize(report.after().bytes());
    assertThat(report.after().operators()).containsEntry("MatMulInteger", 36);
    assertThat(report.before().parameters()).isBetween(22_500_000L, 22_800_000L);
    assertThat(report.validation()).contains("20 samples");
    // The sentence vectors, not the token vectors, are what the model is for: see
    // SentenceVectorTest.
    assertThat(report.differences())
        .singleElement()
        .satisfies(
            difference -> {
              assertThat(difference.output()).isEqualTo("last_hidden_state");
              assertThat(difference.cosine()).isGreaterThan(0.99);
              assertThat(difference.signalToNoiseDecibels()).isGreaterThan(18);
            });
  }

  @Test
  void pass_afterPacking_isRefused() {
    Compression packed =
        Compression.of(ModelSource.path(TestModels.file(TestModels.FASHION)))
            .share(WeightSharing.kMeans(16))
            .pack(Packing.standard());
    assertThatThrownBy(() -> packed.prune(Pruning.magnitude().sparsity(0.5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("packing must be the last step", "Pruning[");
  }

  @Test
  void factorize_afterSingleWeightsChanged_isRefused() {
    Compression pruned =
        Compression.of(ModelSource.path(TestModels.file(TestModels.FASHION)))
            .prune(Pruning.magnitude().sparsity(0.5));
    assertThatThrownBy(() -> pruned.factorize(Factorization.size(0.5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("dense factors", "factorize first");
    Compression.of(ModelSource.path(TestModels.file(TestModels.FASHION)))
        .prune(StructuralPruning.l2().ratio(0.5))
        .factorize(Factorization.size(0.5));
  }

  @Test
  void plan_saved_canBeReadByThoseWhoReadOtherFiles() throws IOException {
    Path other = Files.createFile(folder.resolve("other"));
    Path plan = folder.resolve("plan.json");
    new CompressionPlan("model.onnx", 1, "ab".repeat(32), List.of()).saveTo(plan);
    assumeTrue(Files.getFileStore(plan).supportsFileAttributeView("posix"));
    assertThat(Files.getPosixFilePermissions(plan)).isEqualTo(Files.getPosixFilePermissions(other));
  }

  @ParameterizedTest
  @ValueSource(strings = {TestModels.FASHION, TestModels.CLASSIFIER, TestModels.RECOGNIZER})
  void saveTo_dynamicInt8OfConvolutions_leavesThemAndStaysClose(String resource) {
    Path target = folder.resolve("small.onnx");
    CompressionReport report =
        Compression.of(ModelSource.path(TestModels.file(resource)))
            .quantize(Quantization.dynamicInt8())
            .samples(images(resource))
            .saveTo(target);
    assertThat(report.after().operators()).doesNotContainKey("ConvInteger");
    assertThat(report.after().bytes()).isLessThan(report.before().bytes());
    assertThat(report.differences())
        .allSatisfy(difference -> assertThat(difference.cosine()).isGreaterThan(0.99));
  }

  @Test
  void saveTo_anyNumberOfThreads_sameBytes() throws IOException {
    byte[][] results = new byte[2][];
    for (int i = 0; i < 2; i++) {
      Path target = folder.resolve("threads-" + i + ".onnx");
      Compression.of(ModelSource.path(TestModels.file(TestModels.FASHION)))
          .quantize(Quantization.dynamicInt8())
          .threads(i == 0 ? 1 : 5)
          .saveTo(target);
      results[i] = Files.readAllBytes(target);
    }
    assertThat(results[0]).isEqualTo(results[1]);
  }

  @Test
  void saveTo_quantizedModel_isRefusedAndNamesTheNode() throws IOException {
    Path once = folder.resolve("once.onnx");
    Compression compression =
        Compression.of(ModelSource.path(TestModels.file(TestModels.FASHION)))
            .quantize(Quantization.dynamicInt8());
    compression.saveTo(once);
    byte[] before = Files.readAllBytes(once);
    assertThatThrownBy(
            () ->
                Compression.of(ModelSource.path(once))
                    .quantize(Quantization.dynamicInt8())
                    .saveTo(once))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("quantized already");
    assertThat(once).hasBinaryContent(before);
    assertOnly("once.onnx");
  }

  @Test
  void saveTo_stopSignal_leavesNothing() throws IOException {
    Path target = folder.resolve("small.onnx");
    Compression compression =
        Compression.of(ModelSource.path(TestModels.file(TestModels.FASHION)))
            .quantize(Quantization.dynamicInt8());
    assertThatThrownBy(() -> compression.stopSignal(() -> true).saveTo(target))
        .isInstanceOf(CancellationException.class);
    assertOnly();
  }

  @Test
  void saveTo_passThatFails_leavesTheTargetAsItWas() throws IOException {
    Path target = Files.writeString(folder.resolve("model.onnx"), "before");
    Compression compression =
        Compression.of(ModelSource.path(TestModels.file(TestModels.FASHION)))
            .pass(
                (model, context) -> {
                  throw new GraphException("no");
                });
    assertThatThrownBy(() -> compression.saveTo(target)).hasMessage("no");
    assertThat(target).hasContent("before");
    assertOnly("model.onnx");
  }

  @Test
  void saveTo_modelThatNoEngineLoads_isNotPublished() throws IOException {
    Path target = folder.resolve("broken.onnx");
    Compression compression =
        Compression.of(ModelSource.path(TestModels.file(TestModels.FASHION)))
            .pass(
                (model, context) -> {
                  Node last = model.graph().nodes().get(model.graph().nodes().size() - 1);
                  model.graph().nodes().remove(last);
                  model
                      .graph()
                      .nodes()
                      .add(Node.of("NoSuchOperator", "x", last.inputs(), last.outputs()));
                });
    assertThatThrownBy(() -> compression.saveTo(target)).hasMessageContaining("NoSuchOperator");
    assertOnly();
  }

  @Test
  void saveTo_folderThatCannotBeWritten_saysSo() throws IOException {
    Path target = folder.resolve("missing/small.onnx");
    assertThatThrownBy(
            () ->
                Compression.of(ModelSource.path(TestModels.file(TestModels.FASHION)))
                    .saveTo(target))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("small.onnx");
  }

  @Test
  void saveTo_newFile_hasTheUsersPermissions() throws IOException {
    Path usual = Files.createFile(folder.resolve("usual"));
    Path target = folder.resolve("small.onnx");
    Compression.of(ModelSource.path(TestModels.file(TestModels.FASHION))).saveTo(target);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
        .isEqualTo(PosixFilePermissions.toString(Files.getPosixFilePermissions(usual)));
  }

  @Test
  void report_inAllForms_tellsTheSizes() {
    CompressionReport report =
        Compression.of(ModelSource.path(TestModels.file(TestModels.FASHION)))
            .quantize(Quantization.dynamicInt8())
            .saveTo(folder.resolve("small.onnx"));
    assertThat(report.toText()).contains("424,862").contains("MatMulInteger");
    assertThat(report.toMarkdown()).contains("| bytes | 424,862 |");
    var json = JsonParser.parseString(report.toJson()).getAsJsonObject();
    assertThat(json.getAsJsonObject("before").get("bytes").getAsLong()).isEqualTo(424_862);
    assertThat(report.sizeRatio()).isBetween(0.2, 0.4);
  }

  private void assertOnly(String... names) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly(names);
    }
  }

  public static List<Map<String, Tensor>> images(String resource) {
    boolean grey = resource.equals(TestModels.FASHION);
    int[] shape =
        grey
            ? new int[] {1, 28, 28}
            : resource.equals(TestModels.CLASSIFIER)
                ? new int[] {3, 48, 192}
                : new int[] {3, 48, 96};
    float[] values = new float[shape[0] * shape[1] * shape[2]];
    java.util.Random random = new java.util.Random(7);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return List.of(
        Map.of(grey ? "input" : "x", Tensor.of(values, 1, shape[0], shape[1], shape[2])));
  }

  public static List<Map<String, Tensor>> sentences() {
    return sentences("tokens.txt");
  }

  public static List<Map<String, Tensor>> sentences(String tokensFile) {
    List<Map<String, Tensor>> samples = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(CompressionTest.class.getResourceAsStream(tokensFile)),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        long[] tokens = Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
        long[] ones = new long[tokens.length];
        Arrays.fill(ones, 1);
        samples.add(
            Map.of(
                "input_ids", Tensor.of(tokens, 1, tokens.length),
                "attention_mask", Tensor.of(ones, 1, tokens.length),
                "token_type_ids", Tensor.of(new long[tokens.length], 1, tokens.length)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return samples;
  }
}
