package io.vivace.optimize.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.Compression;
import io.vivace.optimize.Quality;
import io.vivace.optimize.SearchResult;
import io.vivace.optimize.TestGraph;
import io.vivace.optimize.TestModels;
import io.vivace.optimize.calibrate.Calibration;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StaticQuantizationTest {
  private static final List<Map<String, Tensor>> IMAGES =
      CalibrationSets.fashion("fashion-calibration-images", 0, 128);

  @TempDir Path folder;

  @Test
  void staticInt8_fashionCnn_keepsAccuracyInAThirdOfTheBytes() throws Exception {
    Path original = TestModels.file(TestModels.FASHION);
    Path small = quantized(original, Quantization.staticInt8(IMAGES));
    List<Map<String, Tensor>> images = CalibrationSets.fashion("fashion-test-images", 0, 512);
    int[] labels = CalibrationSets.labels("fashion-test-labels");
    List<float[]> wanted = ModelRun.outputs(original, images);
    List<float[]> found = ModelRun.outputs(small, images);
    assertThat(accuracy(found, labels)).isGreaterThanOrEqualTo(accuracy(wanted, labels) - 0.002);
    assertThat(Files.size(small)).isLessThanOrEqualTo((long) (0.3 * Files.size(original)));
  }

  @Test
  void staticInt8_textLineClassifier_agrees() throws Exception {
    Path original = TestModels.file(TestModels.CLASSIFIER);
    Path small = quantized(original, Quantization.staticInt8(CalibrationSets.lines(0, 32)));
    List<Map<String, Tensor>> lines = CalibrationSets.lines(32, 192);
    List<float[]> wanted = ModelRun.outputs(original, lines);
    List<float[]> found = ModelRun.outputs(small, lines);
    assertThat(ModelRun.agreement(wanted, found)).isGreaterThanOrEqualTo(0.99);
  }

  @Test
  void staticInt8_whereFaster_leavesDepthwiseAndTinyConvolutionsFloats() throws Exception {
    Path original = TestModels.file(TestModels.CLASSIFIER);
    StaticQuantization way = Quantization.staticInt8(CalibrationSets.lines(0, 16));
    Path small = quantized(original, way.signedWeights().integerOperators().whereFaster());
    try (ModelGraph model = ModelGraph.open(ModelSource.path(small))) {
      assertThat(model.graph().nodes().stream().filter(node -> node.is("QLinearConv"))).hasSize(6);
      assertThat(model.graph().nodes().stream().filter(node -> node.is("Conv")))
          .hasSize(47)
          .filteredOn(node -> node.integer("group", 1) > 1)
          .hasSize(11);
    }
    List<Map<String, Tensor>> lines = CalibrationSets.lines(32, 96);
    List<float[]> wanted = ModelRun.outputs(original, lines);
    assertThat(ModelRun.agreement(wanted, ModelRun.outputs(small, lines))).isEqualTo(1);
  }

  /** A search leaves those layers floats that quality asks for. */
  @Test
  void staticInt8_searchedByLayer_keepsQuality() {
    Path original = TestModels.file(TestModels.FASHION);
    List<Map<String, Tensor>> images = CalibrationSets.fashion("fashion-test-images", 0, 64);
    StaticQuantization way =
        Quantization.staticInt8(IMAGES.subList(0, 16))
            .perTensor()
            .calibration(Calibration.percentile(99));
    Quality quality = Quality.similarity(ModelSource.path(original), images);
    double all = quality.measure(ModelSource.path(quantized(original, way)));
    SearchResult result =
        Compression.of(ModelSource.path(original))
            .unchecked()
            .choose(way)
            .keep(quality.within((1 - all) / 3))
            .saveTo(folder.resolve("found.onnx"))
            .search();
    assertThat(result.isGoalMet()).isTrue();
    assertThat(result.best().quality()).isGreaterThan(all);
    assertThat(result.best().plan().steps().get(0).levels()).isNotEmpty().hasSizeLessThan(4);
  }

  @Test
  void staticInt8_quantizedAlready_isRefused() {
    Path small = quantized(TestModels.file(TestModels.FASHION), Quantization.staticInt8(IMAGES));
    try (ModelGraph model = ModelGraph.open(ModelSource.path(small))) {
      assertThatThrownBy(() -> Quantization.staticInt8(IMAGES).apply(model, PassContext.defaults()))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining("quantized already");
    }
  }

  @Test
  void staticInt8_badSamples_saysWhatIsWrong() {
    Path original = TestModels.file(TestModels.FASHION);
    assertThatThrownBy(() -> quantized(original, Quantization.staticInt8(List.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no sample");
    float[] broken = new float[784];
    broken[7] = Float.NaN;
    assertThatThrownBy(
            () ->
                quantized(
                    original,
                    Quantization.staticInt8(
                        List.of(Map.of("input", Tensor.of(broken, 1, 1, 28, 28))))))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("not finite");
    assertThatThrownBy(() -> quantized(original, Quantization.staticInt8(Map.of())))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("range of value \"input\"");
    assertThatThrownBy(
            () -> quantized(original, Quantization.staticInt8(IMAGES).exclude("/nothing")))
        .hasMessageContaining("/nothing");
    assertThatThrownBy(
            () -> quantized(original, Quantization.staticInt8(IMAGES).signedActivations()))
        .hasMessageContaining("signed activations with unsigned weights");
  }

  @Test
  void staticInt8_constantActivations_giveAModelThatRuns() throws Exception {
    Path original = TestModels.file(TestModels.FASHION);
    List<Map<String, Tensor>> black =
        List.of(Map.of("input", Tensor.of(new float[784], 1, 1, 28, 28)));
    Path small = quantized(original, Quantization.staticInt8(black));
    assertThat(ModelRun.outputs(small, black).get(0)[0])
        .isCloseTo(ModelRun.outputs(original, black).get(0)[0], within(0.1f));
  }

  @Test
  void staticInt8_integerOperators_giveWhatTheOtherFormGives() throws Exception {
    for (String resource : List.of(TestModels.FASHION, TestModels.CLASSIFIER)) {
      boolean fashion = resource.equals(TestModels.FASHION);
      List<Map<String, Tensor>> samples = fashion ? IMAGES : CalibrationSets.lines(0, 16);
      Path original = TestModels.file(resource);
      StaticQuantization way = Quantization.staticInt8(samples.subList(0, 16));
      List<float[]> wanted = ModelRun.outputs(quantized(original, way), samples.subList(0, 16));
      Path small = quantized(original, way.integerOperators());
      List<float[]> found = ModelRun.outputs(small, samples.subList(0, 16));
      assertThat(ModelRun.signalToNoise(wanted, found)).isGreaterThan(35);
      try (ModelGraph model = ModelGraph.open(ModelSource.path(small))) {
        long convolutions =
            model.graph().nodes().stream().filter(node -> node.is("QLinearConv")).count();
        assertThat(convolutions).isEqualTo(fashion ? 2 : 53);
        assertThat(model.graph().nodes()).noneMatch(node -> node.is("Conv"));
      }
    }
  }

  @Test
  void staticInt8_anyCalibrationAndType_staysClose() throws Exception {
    Path original = TestModels.file(TestModels.FASHION);
    List<Map<String, Tensor>> images = CalibrationSets.fashion("fashion-test-images", 0, 64);
    List<float[]> wanted = ModelRun.outputs(original, images);
    StaticQuantization way = Quantization.staticInt8(IMAGES.subList(0, 16));
    for (StaticQuantization each :
        List.of(
            way.calibration(Calibration.entropy()),
            way.calibration(Calibration.percentile(99.99)),
            way.calibration(Calibration.squaredError()),
            way.signedWeights().reduceRange(),
            way.signedWeights().signedActivations(),
            way.signedWeights().signedActivations().symmetricActivations(),
            way.perTensor(),
            way.perTensor().asymmetricWeights(),
            way.excludeOperators("Gemm"))) {
      assertThat(
              ModelRun.signalToNoise(wanted, ModelRun.outputs(quantized(original, each), images)))
          .as(each.toString())
          .isGreaterThan(each.toString().contains("entropy") ? 12 : 20);
    }
  }

  /** A bias as large as the product, which two nodes and an output share. */
  @ParameterizedTest
  @CsvSource({"1, 2.5", "1, -0.5", "1, 0", "0.5, 3", "2, 1"})
  void staticInt8_gemmWithFactors_givesWhatTheFloatsGive(float alpha, float beta) {
    Path original =
        new TestGraph(13)
            .input("x", 1, 32)
            .weight("w", 32, 32)
            .weight("v", 32, 32)
            .floats("bias", random(new Random(4), 32, 3), 32)
            .node("Gemm", "x w bias", "a", "alpha", alpha, "beta", beta, "transB", 1)
            .node("Gemm", "x v bias", "b")
            .node("Add", "b bias", "c")
            .node("Concat", "a c", "y", "axis", 1)
            .output("y", 1, 64)
            .save(folder.resolve("gemm.onnx"));
    List<Map<String, Tensor>> samples = new ArrayList<>();
    Random random = new Random(2);
    for (int i = 0; i < 32; i++) {
      samples.add(Map.of("x", Tensor.of(random(random, 32, 1), 1, 32)));
    }
    List<float[]> wanted = ModelRun.outputs(original, samples);
    StaticQuantization way = Quantization.staticInt8(samples);
    for (StaticQuantization each :
        List.of(way, way.integerOperators(), way.perTensor(), way.correctBias(), way.equalized())) {
      List<float[]> found = ModelRun.outputs(quantized(original, each), samples);
      assertThat(ModelRun.signalToNoise(wanted, found)).as(each.toString()).isGreaterThan(35);
    }
  }

  private static float[] random(Random random, int count, float scale) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() * scale;
    }
    return values;
  }

  private static double accuracy(List<float[]> outputs, int[] labels) {
    int right = 0;
    for (int i = 0; i < outputs.size(); i++) {
      right += ModelRun.largest(outputs.get(i)) == labels[i] ? 1 : 0;
    }
    return (double) right / outputs.size();
  }

  private Path quantized(Path original, Quantization way) {
    Path target = folder.resolve("small.onnx");
    Compression.of(ModelSource.path(original)).quantize(way).saveTo(target);
    return target;
  }
}
