package io.vivace.optimize.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.Compression;
import io.vivace.optimize.LayerSensitivity;
import io.vivace.optimize.TestGraph;
import io.vivace.optimize.TestModels;
import io.vivace.optimize.graph.BatchNormFolding;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Weight;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Equalization and bias correction of a network whose channels are very different in size. */
class EqualizationTest {
  @TempDir Path folder;

  private final List<Map<String, Tensor>> samples = new ArrayList<>();

  @BeforeEach
  void drawSamples() {
    Random random = new Random(3);
    for (int i = 0; i < 24; i++) {
      float[] values = new float[2 * 8 * 8];
      for (int j = 0; j < values.length; j++) {
        values[j] = (float) random.nextGaussian();
      }
      samples.add(Map.of("x", Tensor.of(values, 1, 2, 8, 8)));
    }
  }

  /** Conv, depthwise Conv, Conv and Gemm; channel i of both first layers is 3^i times as large. */
  private Path uneven(String activation) {
    Random random = new Random(5);
    float[] first = new float[6 * 2 * 9];
    float[] firstBias = new float[6];
    float[] depthwise = new float[6 * 9];
    float[] second = new float[4 * 6];
    for (int i = 0; i < 6; i++) {
      float large = (float) Math.pow(3, i);
      firstBias[i] = (float) random.nextGaussian() * large / 4;
      for (int j = 0; j < 18; j++) {
        first[i * 18 + j] = (float) random.nextGaussian() * large / 4;
      }
      for (int j = 0; j < 9; j++) {
        depthwise[i * 9 + j] = (float) random.nextGaussian() / 3 * (i % 2 == 0 ? 20 : 1);
      }
      for (int j = 0; j < 4; j++) {
        float small = large * (i % 2 == 0 ? 20 : 1);
        second[j * 6 + i] = (float) random.nextGaussian() / small;
      }
    }
    TestGraph graph =
        new TestGraph(13)
            .input("x", 1, 2, 8, 8)
            .floats("first", first, 6, 2, 3, 3)
            .floats("bias", firstBias, 6)
            .floats("depthwise", depthwise, 6, 1, 3, 3)
            .floats("second", second, 4, 6, 1, 1)
            .weight("dense", 3, 64)
            .floats("zero", new float[] {0}, new long[0])
            .floats("bound", new float[] {activation.equals("tight") ? 6 : 1e6f}, new long[0])
            .node("Conv", "x first bias", "a", "pads", new long[] {1, 1, 1, 1})
            .node(
                activation.equals("Relu") ? "Relu" : "Clip",
                activation.equals("Relu") ? "a" : "a zero bound",
                "b")
            .node("Conv", "b depthwise", "c", "pads", new long[] {1, 1, 1, 1}, "group", 6)
            .node("LeakyRelu", "c", "d", "alpha", 0.2f)
            .node("Conv", "d second", "e")
            .node(
                "MaxPool",
                "e",
                "f",
                "kernel_shape",
                new long[] {2, 2},
                "strides",
                new long[] {2, 2})
            .node("Flatten", "f", "g")
            .node("Gemm", "g dense", "y", "transB", 1)
            .output("y", 1, 3);
    return graph.save(folder.resolve(activation + ".onnx"));
  }

  @Test
  void equalization_unevenChannels_sameOutputsAndEqualRanges() {
    Path original = uneven("Relu");
    Path equal = passed(original, new CrossLayerEqualization());
    assertSame(original, equal);
    try (ModelGraph model = ModelGraph.open(ModelSource.path(equal))) {
      EqualizedLayer first = layer(model, "a");
      EqualizedLayer depthwise = layer(model, "c");
      EqualizedLayer second = layer(model, "e");
      assertThat(first.outputRanges())
          .usingComparatorWithPrecision(0.01f)
          .containsExactly(depthwise.inputRanges(6));
      assertThat(depthwise.outputRanges())
          .usingComparatorWithPrecision(0.05f)
          .containsExactly(second.inputRanges(6));
    }
  }

  private static EqualizedLayer layer(ModelGraph model, String output) {
    return model.graph().nodes().stream()
        .filter(node -> node.output().equals(output))
        .map(
            node -> {
              Weight weight = model.graph().weight(node.input(1)).orElseThrow();
              return new EqualizedLayer(node, weight, null);
            })
        .findAny()
        .orElseThrow();
  }

  /** Bounds end a pair; only with samples that stay below does a Clip become a Relu. */
  @ParameterizedTest
  @ValueSource(strings = {"tight", "wide"})
  void equalization_clip_sameOutputs(String activation) {
    Path original = uneven(activation);
    assertSame(original, passed(original, new CrossLayerEqualization()));
  }

  @ParameterizedTest
  @ValueSource(strings = {TestModels.CLASSIFIER, TestModels.FASHION})
  void equalization_realModel_sameOutputs(String resource) {
    Path original = TestModels.file(resource);
    Path equal = passed(original, new BatchNormFolding(), new CrossLayerEqualization());
    List<Map<String, Tensor>> inputs =
        resource.equals(TestModels.FASHION)
            ? CalibrationSets.fashion("fashion-test-images", 0, 16)
            : CalibrationSets.lines(0, 8);
    assertThat(
            ModelRun.signalToNoise(
                ModelRun.outputs(original, inputs), ModelRun.outputs(equal, inputs)))
        .isGreaterThan(80);
    try (ModelGraph model = ModelGraph.open(ModelSource.path(equal))) {
      assertThat(model.graph().weights()).anyMatch(each -> each.name().endsWith("_equalized"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Relu", "wide"})
  void staticInt8_equalized_isCloserByFar(String activation) {
    Path original = uneven(activation);
    StaticQuantization way = Quantization.staticInt8(samples).perTensor();
    double plain = signalToNoise(original, way);
    double equalized = signalToNoise(original, way.equalized());
    assertThat(equalized).isGreaterThan(plain + 10);
    StaticQuantization channels = Quantization.staticInt8(samples);
    assertThat(signalToNoise(original, channels.equalized()))
        .isGreaterThan(signalToNoise(original, channels) + 3);
  }

  /** Bounds that are no single-precision floats: the node stays, and nothing fails. */
  @Test
  void staticInt8_equalizedWithOtherBounds_leavesTheClip() {
    Path original =
        new TestGraph(13)
            .input("x", 1, 2, 8, 8)
            .weight("first", 6, 2, 3, 3)
            .weight("second", 4, 6, 1, 1)
            .scalar("zero", 0)
            .scalar("hundred", 100)
            .halves("half_zero", 0)
            .halves("half_bound", 0x7000)
            .floats("single_zero", new float[] {0}, new long[0])
            .node("Conv", "x first", "a")
            .node("Shape", "a", "sizes")
            .node("Clip", "sizes zero hundred", "clipped")
            .node("Reshape", "a clipped", "b")
            .node("Cast", "b", "c", "to", 10)
            .node("Clip", "c half_zero half_bound", "d")
            .node("Cast", "d", "e", "to", 1)
            .node("Clip", "e single_zero", "f")
            .node("Conv", "f second", "y")
            .output("y", 1, 4, 6, 6)
            .save(folder.resolve("bounds.onnx"));
    Path small = quantized(original, Quantization.staticInt8(samples).equalized());
    assertThat(
            ModelRun.signalToNoise(
                ModelRun.outputs(original, samples), ModelRun.outputs(small, samples)))
        .isGreaterThan(25);
    try (ModelGraph model = ModelGraph.open(ModelSource.path(small))) {
      assertThat(model.graph().nodes()).filteredOn(node -> node.is("Clip")).hasSizeGreaterThan(1);
    }
  }

  /** Coarse weights shift the means of outputs; correction brings them back. */
  @Test
  void staticInt8_correctBias_meansAreRight() {
    Path original = uneven("Relu");
    StaticQuantization way = Quantization.staticInt8(samples).perTensor();
    double[] wanted = means(original);
    double[] plain = means(quantized(original, way));
    double[] corrected = means(quantized(original, way.correctBias()));
    double before = 0;
    double after = 0;
    for (int i = 0; i < wanted.length; i++) {
      before += Math.abs(plain[i] - wanted[i]);
      after += Math.abs(corrected[i] - wanted[i]);
    }
    assertThat(after).isLessThan(before / 4);
    assertThat(signalToNoise(original, way.correctBias()))
        .isGreaterThan(signalToNoise(original, way));
  }

  private double[] means(Path model) {
    List<float[]> outputs = ModelRun.outputs(model, samples);
    double[] means = new double[outputs.get(0).length];
    for (float[] output : outputs) {
      for (int i = 0; i < means.length; i++) {
        means[i] += output[i] / (double) outputs.size();
      }
    }
    return means;
  }

  @Test
  void staticInt8_correctionThatCannotBe_isRefused() {
    Path original = uneven("Relu");
    assertThatThrownBy(() -> quantized(original, Quantization.staticInt8(Map.of()).correctBias()))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("give calibration samples");
    assertThatThrownBy(
            () -> quantized(original, Quantization.staticInt8(samples).strict().equalized()))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("strict mode");
  }

  @Test
  void rank_unevenNetwork_sparingTheWorstHelpsMost() {
    Path original = uneven("Relu");
    StaticQuantization way = Quantization.staticInt8(samples).perTensor();
    List<LayerSensitivity> layers = LayerSensitivity.rank(ModelSource.path(original), way, samples);
    assertThat(layers).hasSize(4);
    double worst = signalToNoise(original, way.without(List.of(layers.get(0).weight())));
    double best = signalToNoise(original, way.without(List.of(layers.get(3).weight())));
    assertThat(worst).isGreaterThan(best);
    assertThat(layers.get(0).signalToNoiseDecibels())
        .isLessThan(layers.get(3).signalToNoiseDecibels());
  }

  private void assertSame(Path original, Path changed) {
    List<float[]> wanted = ModelRun.outputs(original, samples);
    List<float[]> found = ModelRun.outputs(changed, samples);
    for (int i = 0; i < wanted.size(); i++) {
      for (int j = 0; j < wanted.get(i).length; j++) {
        float x = wanted.get(i)[j];
        assertThat(found.get(i)[j]).isCloseTo(x, within(1e-5f * Math.max(1, Math.abs(x))));
      }
    }
  }

  private double signalToNoise(Path original, StaticQuantization way) {
    return ModelRun.signalToNoise(
        ModelRun.outputs(original, samples), ModelRun.outputs(quantized(original, way), samples));
  }

  private Path quantized(Path original, Quantization way) {
    return passed(original, way);
  }

  private Path passed(Path original, GraphPass... passes) {
    Path target = folder.resolve("passed.onnx");
    Compression compression = Compression.of(ModelSource.path(original)).unchecked();
    for (GraphPass pass : passes) {
      compression = compression.pass(pass);
    }
    compression.saveTo(target);
    return target;
  }
}
