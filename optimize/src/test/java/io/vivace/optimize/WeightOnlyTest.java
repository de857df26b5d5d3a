package io.vivace.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.quantize.Quantization;
import io.vivace.optimize.quantize.WeightOnlyQuantization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightOnlyTest {
  private static final WeightOnlyQuantization WEIGHT_ONLY = Quantization.weightOnly();

  @TempDir Path folder;

  @Test
  void weightOnly_fourBitsOfSentenceEncoder_isAFifthAndClose() throws IOException {
    Path target = folder.resolve("small.onnx");
    CompressionReport report = compress(TestModels.MINILM, WEIGHT_ONLY, target);
    assertThat(share(target)).isLessThanOrEqualTo(0.215);
    assertThat(report.after().operators()).containsEntry("MatMulNBits", 36);
    assertThat(SentenceVectors.meanCosine(target, 0, 60)).isGreaterThanOrEqualTo(0.972);
  }

  @Test
  void weightOnly_tablesOfFourBits_isASixthAndClose() throws IOException {
    Path target = folder.resolve("small.onnx");
    compress(TestModels.MINILM, WEIGHT_ONLY.tableBits(4), target);
    assertThat(share(target)).isLessThanOrEqualTo(0.165);
    assertThat(SentenceVectors.meanCosine(target, 0, 60)).isGreaterThanOrEqualTo(0.968);
  }

  private static double share(Path target) throws IOException {
    return (double) Files.size(target) / Files.size(TestModels.file(TestModels.MINILM));
  }

  private static CompressionReport compress(
      String model, WeightOnlyQuantization quantization, Path target) {
    return Compression.of(ModelSource.path(TestModels.file(model)))
        .quantize(quantization)
        .saveTo(target);
  }

  @ParameterizedTest
  @CsvSource({
    "4, false, false, 18",
    "4, true, false, 18",
    "4, false, true, 18",
    "4, true, true, 18",
    "8, false, false, 40",
    "8, true, false, 40",
    "8, false, true, 40",
    "8, true, true, 40",
    "2, false, false, 4",
    "2, true, false, 3"
  })
  void weightOnly_gemm_staysClose(int bits, boolean symmetric, boolean standard, double decibels) {
    WeightOnlyQuantization quantization = WEIGHT_ONLY.bits(bits);
    quantization = symmetric ? quantization.symmetric() : quantization;
    quantization = standard ? quantization.standardOperators() : quantization;
    CompressionReport report = fashion(quantization);
    String operator = standard ? "DequantizeLinear" : "MatMulNBits";
    assertThat(report.after().operators()).containsKey(operator);
    assertThat(report.differences())
        .singleElement()
        .satisfies(d -> assertThat(d.signalToNoiseDecibels()).isGreaterThan(decibels));
  }

  private CompressionReport fashion(WeightOnlyQuantization quantization) {
    return Compression.of(ModelSource.path(TestModels.file(TestModels.FASHION)))
        .quantize(quantization)
        .samples(rows(1, 40))
        .saveTo(folder.resolve("fashion.onnx"));
  }

  @Test
  void gptq_heldOutRows_beatTheNearest() {
    double nearest = decibels(WEIGHT_ONLY.bits(2));
    double strict = decibels(WEIGHT_ONLY.bits(2).strict());
    assertThat(decibels(WEIGHT_ONLY.bits(2).gptq(rows(2, 60)))).isGreaterThan(nearest + 1);
    assertThat(decibels(WEIGHT_ONLY.bits(2).strict().gptq(rows(2, 60)))).isGreaterThan(strict + 1);
  }

  private double decibels(WeightOnlyQuantization quantization) {
    return fashion(quantization).differences().get(0).signalToNoiseDecibels();
  }

  /** Stripes of any slope. */
  private static List<Map<String, Tensor>> rows(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    return IntStream.range(0, count).mapToObj(i -> Map.of("input", image(random))).toList();
  }

  private static Tensor image(SplittableRandom random) {
    float[] pixels = new float[28 * 28];
    double slope = random.nextDouble(-1, 1);
    double width = random.nextDouble(2, 9);
    for (int i = 0; i < pixels.length; i++) {
      double distance = Math.abs(i % 28 - 13.5 - slope * (Math.floorDiv(i, 28) - 13.5));
      pixels[i] = (float) Math.max(0, 1 - distance / width - random.nextDouble(0.2));
    }
    return Tensor.of(pixels, 1, 1, 28, 28);
  }

  @Test
  void weightOnly_anyNumberOfThreads_sameBytes() throws IOException {
    byte[][] results = new byte[2][];
    for (int i = 0; i < 2; i++) {
      Path target = folder.resolve(i + ".onnx");
      Compression.of(ModelSource.path(TestModels.file(TestModels.FASHION)))
          .quantize(WEIGHT_ONLY.awq(rows(2, 20)).gptq(rows(2, 20)))
          .threads(1 + 3 * i)
          .saveTo(target);
      results[i] = Files.readAllBytes(target);
    }
    assertThat(results[0]).isEqualTo(results[1]);
  }

  @Test
  void weightOnly_nothingToQuantize_isRefused() throws IOException {
    Path target = folder.resolve("out.onnx");
    Path fashion = TestModels.file(TestModels.FASHION);
    Compression once = Compression.of(ModelSource.path(fashion)).quantize(WEIGHT_ONLY);
    once.saveTo(target);
    assertThatThrownBy(
            () -> Compression.of(ModelSource.path(target)).quantize(WEIGHT_ONLY).saveTo(target))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("no weight to quantize");
  }

  @Test
  void gptq_noSamples_isRefused() {
    assertThatThrownBy(() -> fashion(WEIGHT_ONLY.gptq(List.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no sample");
  }

  @Test
  void options_outOfRange_areRefused() {
    assertThatThrownBy(() -> WEIGHT_ONLY.bits(3)).hasMessageContaining("2, 4 or 8");
    assertThatThrownBy(() -> WEIGHT_ONLY.blockSize(48)).hasMessageContaining("power of two");
    assertThatThrownBy(() -> WEIGHT_ONLY.tableBits(2)).hasMessageContaining("4, 8 or 32");
    assertThatThrownBy(() -> fashion(WEIGHT_ONLY.bits(2).standardOperators()))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("2-bit");
  }
}
