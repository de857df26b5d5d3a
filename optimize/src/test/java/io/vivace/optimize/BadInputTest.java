package io.vivace.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.prune.Pruning;
import io.vivace.optimize.quantize.Quantization;
import io.vivace.optimize.quantize.WeightOnlyQuantization;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples that do not fit, outputs in another order, settings of the wrong kind. */
class BadInputTest {
  private static final int WIDTH = 80;

  @TempDir Path folder;

  private TestGraph product() {
    return new TestGraph(17)
        .input("x", -1, WIDTH)
        .weight("w", WIDTH, WIDTH)
        .node("MatMul", "x w", "y")
        .output("y", -1, WIDTH);
  }

  private Compression pipeline(TestGraph graph) {
    return Compression.of(ModelSource.path(graph.save(folder.resolve("model.onnx"))));
  }

  private static Map<String, Tensor> sample(String input, int seed) {
    Random random = new Random(seed);
    float[] values = new float[2 * WIDTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Map.of(input, Tensor.of(values, 2, WIDTH));
  }

  @Test
  void saveTo_noSampleInTheComparison_saysSo() {
    Path target = folder.resolve("out.onnx");
    assertThatThrownBy(() -> pipeline(product()).samples(List.of()).saveTo(target))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("empty");
    assertThat(target).doesNotExist();
  }

  @Test
  void saveTo_sampleOfAnotherShape_namesSampleAndInput() {
    Map<String, Tensor> wrong = Map.of("x", Tensor.of(new float[5], 1, 5));
    assertThatThrownBy(
            () ->
                pipeline(product())
                    .samples(List.of(sample("x", 1), wrong))
                    .saveTo(folder.resolve("out.onnx")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sample 1 of the comparison")
        .hasMessageContaining("\"x\"");
  }

  @Test
  void staticInt8_badCalibrationData_isRefusedAndNamed() {
    Path target = folder.resolve("out.onnx");
    assertThatThrownBy(
            () -> pipeline(product()).quantize(Quantization.staticInt8(List.of())).saveTo(target))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no sample");
    Map<String, Tensor> wrong = Map.of("x", Tensor.of(new float[5], 1, 5));
    assertThatThrownBy(
            () ->
                pipeline(product())
                    .quantize(Quantization.staticInt8(List.of(wrong)))
                    .saveTo(target))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sample 0 of the calibration data");
    assertThat(target).doesNotExist();
  }

  /** A constant, zero among them, has no width: its scale must be a number all the same. */
  @Test
  void staticInt8_constantActivations_givesAModelThatKeepsThem() {
    for (float constant : new float[] {0, 3, -0.25f}) {
      float[] values = new float[2 * WIDTH];
      java.util.Arrays.fill(values, constant);
      Map<String, Tensor> same = Map.of("x", Tensor.of(values, 2, WIDTH));
      CompressionReport report =
          pipeline(product())
              .quantize(Quantization.staticInt8(List.of(same, same)))
              .samples(List.of(same))
              .saveTo(folder.resolve("out.onnx"));
      assertThat(report.differences())
          .singleElement()
          .satisfies(
              difference -> {
                boolean equal = difference.largestError() == 0;
                assertThat(equal || difference.signalToNoiseDecibels() > 25)
                    .as("%s: %s", constant, difference)
                    .isTrue();
              });
    }
  }

  @Test
  void compareWith_outputsInAnotherOrder_pairsThemByName() {
    TestGraph first = product().node("Neg", "y", "z").output("z", -1, WIDTH);
    TestGraph turned =
        new TestGraph(17)
            .input("x", -1, WIDTH)
            .weight("w", WIDTH, WIDTH)
            .node("MatMul", "x w", "y")
            .node("Neg", "y", "z")
            .output("z", -1, WIDTH)
            .output("y", -1, WIDTH);
    ModelSource other = ModelSource.path(turned.save(folder.resolve("other.onnx")));
    assertThat(pipeline(first).compareWith(other).differences())
        .hasSize(2)
        .allSatisfy(difference -> assertThat(difference.largestError()).isZero());
    ModelSource fewer = ModelSource.path(product().save(folder.resolve("fewer.onnx")));
    Compression pipeline = pipeline(first);
    assertThatThrownBy(() -> pipeline.compareWith(fewer))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("[y, z]");
  }

  /** Found by the suite {@code fuzz}: such files are faults of the model, not of the program. */
  @Test
  void dynamicInt8_settingOfAnotherKind_isRefusedAndTheNodeNamed() {
    TestGraph graph =
        new TestGraph(17)
            .input("x", -1, WIDTH)
            .weight("w", WIDTH, WIDTH)
            .node("Gemm", "x w", "y", "transB", 1f)
            .output("y", -1, WIDTH);
    Path target = folder.resolve("out.onnx");
    assertThatThrownBy(
            () -> pipeline(graph).quantize(Quantization.dynamicInt8()).unchecked().saveTo(target))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("y_node")
        .hasMessageContaining("\"transB\" is of kind FLOAT");
  }

  /** Found by it, too: ONNX Runtime divides by the stride and ends the JVM. */
  @Test
  void open_strideOfZero_isRefusedBeforeAnEngineSeesIt() {
    for (String attribute : List.of("strides", "dilations", "kernel_shape")) {
      TestGraph graph =
          new TestGraph(17)
              .input("x", 1, 3, 9, 9)
              .weight("w", 4, 3, 3, 3)
              .node("Conv", "x w", "y", attribute, new long[] {0, 1})
              .output("y");
      Path file = graph.save(folder.resolve("model.onnx"));
      assertThatThrownBy(() -> ModelGraph.open(ModelSource.path(file)))
          .isInstanceOf(ModelLoadException.class)
          .hasMessageContaining("y_node")
          .hasMessageContaining("with 0 in \"" + attribute + "\"");
    }
  }

  @Test
  void weightOnly_nameOfTheScaledInputTaken_findsAnother() {
    TestGraph graph =
        new TestGraph(17)
            .input("x", -1, WIDTH)
            .weight("w", WIDTH, WIDTH)
            .node("Neg", "x", "x_scaled")
            .node("MatMul", "x w", "m")
            .node("Add", "m x_scaled", "y")
            .output("y", -1, WIDTH);
    WeightOnlyQuantization scaling =
        Quantization.weightOnly().awq(List.of(sample("x", 1), sample("x", 2)));
    CompressionReport report =
        pipeline(graph)
            .quantize(scaling)
            .samples(List.of(sample("x", 3)))
            .saveTo(folder.resolve("out.onnx"));
    assertThat(report.after().operators()).containsKey("MatMulNBits").containsKey("Mul");
    assertThat(report.differences())
        .singleElement()
        .satisfies(difference -> assertThat(difference.signalToNoiseDecibels()).isGreaterThan(15));
  }

  @Test
  void report_prunedModel_tellsTheBytesInAContainer() {
    CompressionReport report =
        pipeline(product())
            .prune(Pruning.magnitude().sparsity(0.9))
            .saveTo(folder.resolve("out.onnx"));
    assertThat(report.packedBytes()).isBetween(1_000L, report.after().bytes() / 2);
    assertThat(report.toText()).contains("bytes in a container");
    assertThat(report.toMarkdown()).contains("| bytes in a container |");
    assertThat(JsonParser.parseString(report.toJson()).getAsJsonObject().get("packedBytes"))
        .hasToString(String.valueOf(report.packedBytes()));
  }
}
