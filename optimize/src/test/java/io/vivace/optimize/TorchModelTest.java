package io.vivace.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.factorize.Factorization;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.LayerPass;
import io.vivace.optimize.pack.Packing;
import io.vivace.optimize.prune.Pruning;
import io.vivace.optimize.prune.StructuralPruning;
import io.vivace.optimize.prune.ZeroedWeights;
import io.vivace.optimize.quantize.Quantization;
import io.vivace.optimize.quantize.Rounding;
import io.vivace.optimize.share.WeightSharing;
import io.vivace.optimize.share.WeightTying;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TorchModelTest {
  static final String DIGITS = "/io/vivace/optimize/torch/digits-mlp.pt";
  static final String VIEWS = "/io/vivace/optimize/torch/views.pt";

  @TempDir Path folder;

  static byte[] bytes(String resource) {
    try (InputStream in = TorchModelTest.class.getResourceAsStream(resource)) {
      return Objects.requireNonNull(in, resource).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ModelSource source(String resource) throws IOException {
    return ModelSource.path(Files.write(folder.resolve("source.pt"), bytes(resource)));
  }

  private Path target() {
    return folder.resolve("target.pt");
  }

  private static float[] golden(String name) {
    String text = new String(bytes("/io/vivace/optimize/torch/views.tsv"), StandardCharsets.UTF_8);
    for (String line : text.split("\n", -1)) {
      String[] cells = line.split("\t", -1);
      if (cells[0].equals(name)) {
        float[] values = new float[cells.length - 1];
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.parseFloat(cells[i + 1]);
        }
        return values;
      }
    }
    throw new AssertionError(name);
  }

  private static Tensor viewsInput() {
    float[] input = new float[24];
    for (int i = 0; i < input.length; i++) {
      input[i] = -1 + 2f * i / 23;
    }
    return Tensor.of(input, 3, 8);
  }

  private static List<Map<String, Tensor>> digits(int count) {
    Random random = new Random(5);
    List<Map<String, Tensor>> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] pixels = new float[64];
      for (int j = 0; j < 64; j++) {
        pixels[j] = random.nextInt(17) / 16f;
      }
      samples.add(Map.of("input", Tensor.of(pixels, 1, 64)));
    }
    return samples;
  }

  static Stream<List<Object>> goldens() {
    return Stream.of(
        List.of("plain", Rounding.float16().without(VIEW_LAYERS)),
        List.of("half pruned", Pruning.magnitude().sparsity(0.5)),
        List.of("4 bits", Rounding.bits(4)));
  }

  private static final List<String> VIEW_LAYERS =
      List.of(
          "a.weight",
          "c.weight",
          "d.weight",
          "e.weight",
          "low.weight",
          "brain.weight",
          "table.weight",
          "conv.weight",
          "up.weight",
          "rnn.weight_ih_l0",
          "rnn.weight_hh_l0");

  @ParameterizedTest
  @MethodSource("goldens")
  void saveTo_weightsThatLieInManyWays_answersAsPyTorchPrunesAndRounds(List<Object> golden)
      throws IOException {
    GraphPass pass = (GraphPass) golden.get(1);
    if (golden.get(0).equals("plain")) {
      assertThatThrownBy(() -> Compression.of(source(VIEWS)).pass(pass).saveTo(target()))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining("no weight to round");
      Compression.of(source(VIEWS)).saveTo(target());
    } else {
      CompressionReport report =
          Compression.of(source(VIEWS))
              .pass(pass)
              .samples(List.of(Map.of("input", viewsInput())))
              .saveTo(target());
      assertThat(report.layers().stream().map(LayerDifference::weight))
          .containsExactlyElementsOf(VIEW_LAYERS);
      assertThat(report.validation()).contains("1 samples", "PyTorch");
    }
    assertThat(TorchRun.run(target(), viewsInput()))
        .containsExactly(golden((String) golden.get(0)), within(2e-5f));
  }

  @Test
  void saveTo_nothingChanged_sameBytes() throws IOException {
    for (String model : List.of(DIGITS, VIEWS)) {
      Compression.of(source(model)).saveTo(target());
      assertThat(target()).hasBinaryContent(bytes(model));
    }
  }

  @Test
  void saveTo_pruned_otherFilesAreTheSameAndStoragesAligned() throws IOException {
    Compression.of(source(VIEWS)).prune(Pruning.magnitude().sparsity(0.9)).saveTo(target());
    Map<String, byte[]> before = contents(bytes(VIEWS));
    Map<String, byte[]> after = contents(Files.readAllBytes(target()));
    assertThat(after.keySet()).containsExactlyElementsOf(before.keySet());
    List<String> changed =
        before.keySet().stream()
            .filter(name -> !java.util.Arrays.equals(before.get(name), after.get(name)))
            .toList();
    assertThat(changed)
        .containsExactlyInAnyOrder(
            "views/data/0",
            "views/data/3",
            "views/data/5",
            "views/data/10",
            "views/data/12",
            "views/data/15",
            "views/data/17",
            "views/data/19",
            "views/data/20");
    byte[] file = Files.readAllBytes(target());
    try (ZipFile zip = ZipFile.builder().setPath(target()).get()) {
      for (ZipArchiveEntry entry : java.util.Collections.list(zip.getEntries())) {
        if (entry.getMethod() == ZipEntry.STORED) {
          int header = (int) entry.getLocalHeaderOffset();
          int start = header + 30 + file[header + 26] + (file[header + 28] & 0xff);
          assertThat(start % 64).as(entry.getName()).isZero();
        }
      }
    }
  }

  /** Reads all, and so checks the sums. */
  private static Map<String, byte[]> contents(byte[] archive) throws IOException {
    Map<String, byte[]> contents = new java.util.LinkedHashMap<>();
    Path file = Files.createTempFile("archive", ".zip");
    Files.write(file, archive);
    try (java.util.zip.ZipFile zip = new java.util.zip.ZipFile(file.toFile())) {
      for (ZipEntry entry : java.util.Collections.list(zip.entries())) {
        contents.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    } finally {
      Files.delete(file);
    }
    return contents;
  }

  @Test
  void saveTo_digits_reportCountsAndCompares() throws IOException {
    CompressionReport report =
        Compression.of(source(DIGITS))
            .prune(Pruning.magnitude().sparsity(0.75))
            .share(WeightSharing.kMeans(16))
            .samples(digits(20))
            .saveTo(target());
    assertThat(report.before().parameters()).isEqualTo(64 * 256 + 256 + 256 * 128 + 128 + 1290);
    assertThat(report.before().bytes()).isEqualTo(bytes(DIGITS).length);
    assertThat(report.after().bytes()).isEqualTo(Files.size(target()));
    assertThat((double) report.after().nonZeros() / report.before().nonZeros())
        .isBetween(0.24, 0.27); // biases stay
    assertThat(report.layers())
        .hasSize(3)
        .allSatisfy(l -> assertThat(l.zeros()).isCloseTo(0.75, within(0.001)));
    assertThat(report.layers())
        .allSatisfy(l -> assertThat(l.signalToNoiseDecibels()).isBetween(5.0, 25.0));
    assertThat(report.differences())
        .singleElement()
        .satisfies(d -> assertThat(d.cosine()).isGreaterThan(0.8));
    assertThat(report.latency().after().count()).isPositive();
    assertThat(report.toText()).contains("parameters", "cosine").doesNotContain("nodes", "MACs");
    assertThat(report.toJson()).contains("\"nonZeros\"");
    Map<String, byte[]> after = contents(Files.readAllBytes(target()));
    assertThat(distinct(after.get("digits-mlp/data/0"))).isLessThanOrEqualTo(16);
  }

  private static long distinct(byte[] floats) {
    var values =
        java.nio.ByteBuffer.wrap(floats).order(java.nio.ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] all = new float[values.remaining()];
    values.get(all);
    java.util.Set<Float> found = new java.util.HashSet<>();
    for (float value : all) {
      found.add(value);
    }
    return found.size();
  }

  @Test
  void saveTo_sameModelInBothFormats_sameWeights() throws IOException {
    Path onnx = folder.resolve("target.onnx");
    for (LayerPass pass :
        List.of(
            Pruning.globalMagnitude().sparsity(0.6),
            Pruning.nOfM(2, 4),
            Pruning.blocks(2, 4),
            Pruning.random(3),
            WeightSharing.kMeans(8).perChannel(),
            Rounding.bits(3),
            Rounding.float16())) {
      CompressionReport torch =
          Compression.of(source(DIGITS)).pass(pass).samples(digits(2)).saveTo(target());
      CompressionReport graph =
          Compression.of(
                  ModelSource.path(TestModels.file("/io/vivace/optimize/torch/digits-mlp.onnx")))
              .pass(pass)
              .saveTo(onnx);
      for (int i = 0; i < 3; i++) {
        assertThat(torch.layers().get(i).signalToNoiseDecibels())
            .as("%s", pass)
            .isCloseTo(graph.layers().get(i).signalToNoiseDecibels(), within(1e-6));
        assertThat(torch.layers().get(i).zeros()).isEqualTo(graph.layers().get(i).zeros());
      }
    }
  }

  @Test
  void saveTo_rowsZeroed_onlyThey() throws IOException {
    Compression.of(source(DIGITS))
        .prune(ZeroedWeights.slices("0.weight", 0, 100, 200))
        .saveTo(target());
    byte[] before = contents(bytes(DIGITS)).get("digits-mlp/data/0");
    byte[] after = contents(Files.readAllBytes(target())).get("digits-mlp/data/0");
    for (int i = 0; i < after.length; i++) {
      boolean gone = i >= 100 * 64 * 4 && i < 200 * 64 * 4;
      assertThat(after[i]).isEqualTo(gone ? 0 : before[i]);
    }
  }

  static Stream<GraphPass> passesOfGraphs() {
    return Stream.of(
        Quantization.dynamicInt8(),
        Quantization.weightOnly(),
        Factorization.energy(0.9),
        StructuralPruning.l2().ratio(0.5),
        WeightTying.of("0.weight", "2.weight"),
        Packing.standard());
  }

  @ParameterizedTest
  @MethodSource("passesOfGraphs")
  void saveTo_passOfAGraph_refusedBeforeAnything(GraphPass pass) throws IOException {
    List<String> heard = new ArrayList<>();
    Compression first = Compression.of(source(DIGITS));
    // Factorization does not follow pruning, whatever the format.
    first = pass instanceof Factorization ? first : first.prune(Pruning.magnitude());
    Compression compression = first.pass(pass).progress(step -> heard.add(step.stage()));
    assertThatThrownBy(() -> compression.saveTo(target()))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining(pass.toString())
        .hasMessageContaining("Export the model to ONNX");
    assertThat(heard).isEmpty();
    assertThat(target()).doesNotExist();
  }

  @Test
  void keep_quality_searchesLayerByLayer() throws IOException {
    ModelSource model = source(DIGITS);
    CompressionReport report =
        Compression.of(model)
            .prune(Pruning.magnitude().sparsity(0.7))
            .samples(digits(2))
            .keep(Quality.similarity(model, digits(10)).within(0.05))
            .trials(12)
            .saveTo(target());
    assertThat(Objects.requireNonNull(report.search()).isGoalMet()).isTrue();
    assertThat(report.after().nonZeros()).isLessThan(report.before().nonZeros());
    assertThat(TorchRun.run(target(), digits(1).get(0).get("input"))).hasSize(10);
  }

  @Test
  void compareWith_otherFile_tellsTheDifference() throws IOException {
    ModelSource model = source(DIGITS);
    Compression.of(model).prune(Pruning.magnitude()).unchecked().saveTo(target());
    Compression comparison = Compression.of(model).samples(digits(3));
    assertThat(comparison.compareWith(ModelSource.path(target())).layers()).hasSize(3);
    ModelSource onnx =
        ModelSource.path(TestModels.file("/io/vivace/optimize/torch/digits-mlp.onnx"));
    assertThatThrownBy(() -> comparison.compareWith(onnx))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("one format");
  }

  @Test
  void saveTo_noSamples_saysThatTheyAreNeeded() throws IOException {
    CompressionReport report =
        Compression.of(source(DIGITS)).prune(Pruning.magnitude()).saveTo(target());
    assertThat(report.validation()).contains("Loaded by PyTorch", "Give samples");
    assertThat(report.differences()).isEmpty();
  }

  @Test
  void saveTo_anyNumberOfThreads_sameBytes() throws IOException {
    Map<Integer, byte[]> results = new HashMap<>();
    for (int threads : List.of(1, 3)) {
      Compression.of(source(DIGITS))
          .share(WeightSharing.kMeans(16))
          .threads(threads)
          .unchecked()
          .saveTo(target());
      results.put(threads, Files.readAllBytes(target()));
    }
    assertThat(results.get(3)).isEqualTo(results.get(1));
  }

  @Test
  void saveTo_ownFileCancelledOrUnwritable_isAsItWas() throws IOException {
    ModelSource model = source(DIGITS);
    Path file = folder.resolve("source.pt");
    assertThatThrownBy(
            () ->
                Compression.of(model)
                    .prune(Pruning.magnitude())
                    .stopSignal(() -> true)
                    .saveTo(file))
        .isInstanceOf(CancellationException.class);
    assertThat(file).hasBinaryContent(bytes(DIGITS));
    assertThatThrownBy(
            () -> Compression.of(model).prune(Pruning.magnitude()).saveTo(file.resolve("x.pt")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("x.pt");
    Compression.of(model).prune(Pruning.magnitude()).saveTo(file);
    assertThat(Files.readAllBytes(file)).isNotEqualTo(bytes(DIGITS));
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }
}
