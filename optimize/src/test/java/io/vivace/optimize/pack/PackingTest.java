package io.vivace.optimize.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.Compression;
import io.vivace.optimize.CompressionReport;
import io.vivace.optimize.OutputDifference;
import io.vivace.optimize.SentenceVectors;
import io.vivace.optimize.TestModels;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.prune.Pruning;
import io.vivace.optimize.quantize.Quantization;
import io.vivace.optimize.share.WeightSharing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackingTest {
  @TempDir Path folder;

  @Test
  void pack_sparseSharedSentenceEncoder_isTinyAndBitExact() throws IOException {
    Path plain = folder.resolve("plain.onnx");
    Path packed = folder.resolve("packed.onnx");
    Path container = folder.resolve("packed.vvp");
    Path original = TestModels.file(TestModels.MINILM);
    Compression.of(ModelSource.path(original))
        .pass(Pruning.magnitude().sparsity(0.9).tables())
        .pass(WeightSharing.kMeans(256))
        .saveTo(plain);
    Compression.of(ModelSource.path(plain)).pack(Packing.standard()).saveTo(packed);
    PackedContainer.write(ModelSource.path(packed), container);
    double bytes = Files.size(original);
    assertThat(Files.size(packed) / bytes).isLessThanOrEqualTo(0.06);
    assertThat(Files.size(container) / bytes).isLessThanOrEqualTo(0.045);
    List<Map<String, Tensor>> sentences = SentenceVectors.sentences().subList(0, 8);
    List<float[]> wanted = SentenceVectors.outputs(plain, sentences);
    assertThat(SentenceVectors.outputs(packed, sentences))
        .usingElementComparator((a, b) -> Arrays.equals(a, b) ? 0 : 1)
        .containsExactlyElementsOf(wanted);
    assertThat(SentenceVectors.outputs(container, sentences))
        .usingElementComparator((a, b) -> Arrays.equals(a, b) ? 0 : 1)
        .containsExactlyElementsOf(wanted);
  }

  /** Sparsity, values of the codebook, and where the file must be below the plain one. */
  @ParameterizedTest
  @CsvSource({
    "0, 2, 0.08",
    "0, 4, 0.11",
    "0, 16, 0.18",
    "0, 256, 0.31",
    "0, 1000, 0.58",
    "0.5, 2, 0.08",
    "0.5, 256, 0.22",
    "0.5, 0, 0.58",
    "0.95, 256, 0.14",
    "0.95, 16, 0.11",
    "0.999, 256, 0.05",
    "0.999, 0, 0.05"
  })
  void pack_anyLayout_isSmallAndBitExact(double sparsity, int values, double most)
      throws IOException {
    Path plain = folder.resolve("plain.onnx");
    Path packed = folder.resolve("packed.onnx");
    Path original = TestModels.file(TestModels.FASHION);
    Compression compression = Compression.of(ModelSource.path(original));
    if (sparsity > 0) {
      compression = compression.pass(Pruning.magnitude().sparsity(sparsity));
    }
    if (values > 0) {
      compression = compression.pass(WeightSharing.kMeans(values));
    }
    compression.saveTo(plain);
    assertExact(Compression.of(ModelSource.path(plain)).pack(Packing.standard()).saveTo(packed));
    assertThat(Files.size(packed)).isLessThan((long) (most * Files.size(plain)));
  }

  private static void assertExact(CompressionReport report) {
    assertThat(report.differences())
        .isNotEmpty()
        .extracting(OutputDifference::largestError)
        .containsOnly(0.0);
  }

  @Test
  void pack_nothingSparseOrShared_leavesTheFileAlmostAsItIs() throws IOException {
    Path original = TestModels.file(TestModels.FASHION);
    Path packed = folder.resolve("packed.onnx");
    assertExact(Compression.of(ModelSource.path(original)).pack(Packing.standard()).saveTo(packed));
    assertThat(Files.size(packed)).isLessThanOrEqualTo(Files.size(original));
  }

  @Test
  void pack_prunedThenQuantized_packsIntegers() throws IOException {
    Path plain = folder.resolve("plain.onnx");
    Path packed = folder.resolve("packed.onnx");
    Compression.of(ModelSource.path(TestModels.file(TestModels.FASHION)))
        .pass(Pruning.magnitude().sparsity(0.9))
        .quantize(Quantization.dynamicInt8())
        .saveTo(plain);
    assertExact(Compression.of(ModelSource.path(plain)).pack(Packing.standard()).saveTo(packed));
    assertThat(Files.size(packed)).isLessThan(Files.size(plain) / 3);
  }

  /** A table of each layout, decoded whole and row by row; ids of two axes, negative ones, too. */
  @ParameterizedTest
  @CsvSource({
    "16, 0, 24, 0",
    "16, 0, 24, 1000000000",
    "256, 0, 24, 0",
    "2000, 0, 24, 0",
    "16, 0, 25, 0",
    "256, 0.9, 24, 0",
    "256, 0.9, 24, 1000000000",
    "16, 0.5, 24, 0",
    "0, 0.9, 24, 0",
    "4, 0, 24, 0",
    "2, 0, 24, 0",
    "256, 0.9, 25, 0"
  })
  void pack_table_givesTheRows(int values, double sparsity, int width, long rowsFrom)
      throws IOException {
    Path plain = folder.resolve("plain.onnx");
    Path packed = folder.resolve("packed.onnx");
    Files.write(plain, TableModel.of(500, width, table(500 * width, values, sparsity)));
    long[] ids = {0, 1, 499, -1, 7, 7};
    Map<String, Tensor> sample = Map.of("ids", Tensor.of(ids, 2, 3));
    assertExact(
        Compression.of(ModelSource.path(plain))
            .pack(Packing.standard().rowsFrom(rowsFrom))
            .samples(List.of(sample, Map.of("ids", Tensor.of(new long[0], 0, 3))))
            .saveTo(packed));
    assertThat(Files.size(packed)).isLessThan(Files.size(plain) * 3 / 4);
  }

  private static float[] table(int size, int values, double sparsity) {
    SplittableRandom random = new SplittableRandom(5);
    float[] table = new float[size];
    for (int i = 0; i < table.length; i++) {
      boolean zero = random.nextDouble() < sparsity;
      table[i] = zero ? 0 : values == 0 ? (float) random.nextDouble() : random.nextInt(values) - 1;
    }
    return table;
  }

  @Test
  void pack_negativeZeroAndNaN_keepTheirBits() throws IOException {
    Path plain = folder.resolve("plain.onnx");
    Path packed = folder.resolve("packed.onnx");
    float[] odd = {0f, -0f, Float.intBitsToFloat(0x7FC01234), Float.NEGATIVE_INFINITY, 1f};
    GraphPass pass =
        (model, context) -> {
          LayerWeight layer = LayerWeight.of(model.graph()).get(2);
          float[] values = new float[(int) layer.weight().shape().elements()];
          for (int i = 0; i < values.length; i++) {
            values[i] = i % 300 == 0 ? odd[i / 300 % odd.length] : 0f;
          }
          layer.replace(Weight.ofFloats("any", layer.weight().shape(), values));
        };
    Compression.of(ModelSource.path(TestModels.file(TestModels.FASHION))).pass(pass).saveTo(plain);
    Compression.of(ModelSource.path(plain)).pack(Packing.standard()).saveTo(packed);
    assertThat(Files.size(packed)).isLessThan(Files.size(plain) / 4);
    SplittableRandom random = new SplittableRandom(1);
    float[] image = new float[784];
    for (int i = 0; i < image.length; i++) {
      image[i] = (float) random.nextDouble();
    }
    List<Map<String, Tensor>> samples = List.of(Map.of("input", Tensor.of(image, 1, 1, 28, 28)));
    assertThat(SentenceVectors.outputs(packed, samples).get(0))
        .isEqualTo(SentenceVectors.outputs(plain, samples).get(0));
  }

  @Test
  void pack_anyNumberOfThreads_sameBytes() throws IOException {
    byte[][] results = new byte[2][];
    for (int i = 0; i < 2; i++) {
      Path target = folder.resolve(i + ".onnx");
      Compression.of(ModelSource.path(TestModels.file(TestModels.FASHION)))
          .pass(Pruning.magnitude().sparsity(0.8))
          .pass(WeightSharing.kMeans(16))
          .pack(Packing.standard())
          .threads(1 + 3 * i)
          .saveTo(target);
      results[i] = Files.readAllBytes(target);
    }
    assertThat(results[0]).isEqualTo(results[1]);
  }

  @Test
  void rowsFrom_negative_isRefused() {
    assertThatThrownBy(() -> Packing.standard().rowsFrom(-1)).hasMessageContaining("from 0");
  }
}
