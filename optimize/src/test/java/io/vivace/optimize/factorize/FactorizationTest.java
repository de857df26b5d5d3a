package io.vivace.optimize.factorize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.Compression;
import io.vivace.optimize.CompressionReport;
import io.vivace.optimize.CompressionTest;
import io.vivace.optimize.TestGraph;
import io.vivace.optimize.TestModels;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.prune.Pruning;
import io.vivace.optimize.quantize.Quantization;
import io.vivace.optimize.share.WeightSharing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FactorizationTest {
  @TempDir Path folder;

  /** Layers whose weights are products of thin matrices lose nothing. */
  private static TestGraph thin() {
    return new TestGraph(13)
        .input("x", -1, 12, 6, 5)
        .floats("conv", separable(10, 12, 3, 3), 10, 12, 3, 3)
        .weight("bias", 10)
        .floats("pixel", product(9, 10, 2), 9, 10, 1, 1)
        .floats("gemm", product(14, 54, 3), 14, 54)
        .weight("c", 14)
        .floats("matmul", product(14, 20, 2), 14, 20)
        .node(
            "Conv",
            "x conv bias",
            "a",
            "strides",
            new long[] {2, 1},
            "pads",
            new long[] {1, 0, 1, 0},
            "kernel_shape",
            new long[] {3, 3})
        .node("Conv", "a pixel", "b", "pads", new long[] {0, 0, 0, 0}, "strides", new long[] {2, 1})
        .node("Flatten", "b", "f")
        .node("Gemm", "f gemm c", "g", "transB", 1, "alpha", 0.5f, "beta", 2f)
        .node("MatMul", "g matmul", "y")
        .output("y", -1, 20);
  }

  /** One pattern of channels times one column times one row. */
  private static float[] separable(int outputs, int inputs, int height, int width) {
    float[] channels = product(outputs, inputs, 1);
    float[] pixels = product(height, width, 1);
    float[] values = new float[channels.length * pixels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = channels[i / pixels.length] * pixels[i % pixels.length];
    }
    return values;
  }

  private static float[] product(int rows, int columns, int rank) {
    Random random = new Random(rows * 31L + columns);
    float[] values = new float[rows * columns];
    for (int r = 0; r < rank; r++) {
      double[] left = random.doubles(rows, -1, 1).toArray();
      double[] right = random.doubles(columns, -1, 1).toArray();
      for (int i = 0; i < values.length; i++) {
        values[i] += (float) (left[i / columns] * right[i % columns]);
      }
    }
    return values;
  }

  private static Tensor input(int seed) {
    Random random = new Random(seed);
    float[] values = new float[2 * 12 * 6 * 5];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, 2, 12, 6, 5);
  }

  @ParameterizedTest
  @EnumSource(
      value = ConvolutionFactors.class,
      names = {"TUCKER", "SPATIAL"})
  void energy_thinLayers_computesTheSameWithFewerWeights(ConvolutionFactors convolutions) {
    Path file = thin().save(folder.resolve("thin.onnx"));
    Factorization pass = Factorization.energy(0.999999).convolutions(convolutions);
    CompressionReport report =
        Compression.of(ModelSource.path(file))
            .factorize(pass)
            .samples(List.of(Map.of("x", input(1))))
            .saveTo(folder.resolve("factors.onnx"));
    assertThat(report.differences().get(0).signalToNoiseDecibels()).isGreaterThan(55);
    assertThat(report.after().parameters()).isLessThan(report.before().parameters() / 2);
    try (ModelGraph model = open(file)) {
      assertThat(pass.plan(model, PassContext.defaults()).ranks())
          .containsEntry("pixel", List.of(2))
          .containsEntry("gemm", List.of(3))
          .containsEntry("matmul", List.of(2))
          .containsEntry(
              "conv", convolutions == ConvolutionFactors.TUCKER ? List.of(1, 1) : List.of(1));
    }
  }

  @Test
  void ranks_ofAPlan_giveTheSameBytes() throws Exception {
    Path source = TestModels.file(TestModels.FASHION);
    Path first = folder.resolve("first.onnx");
    Path second = folder.resolve("second.onnx");
    Factorization pass = Factorization.size(0.5);
    Map<String, List<Integer>> ranks;
    try (ModelGraph model = open(source)) {
      ranks = pass.plan(model, PassContext.defaults()).ranks();
    }
    Compression.of(ModelSource.path(source)).factorize(pass).threads(1).saveTo(first);
    Compression.of(ModelSource.path(source))
        .factorize(Factorization.ranks(ranks))
        .threads(4)
        .saveTo(second);
    assertThat(second).hasBinaryContent(Files.readAllBytes(first));
    assertThat((double) Files.size(first) / Files.size(source)).isBetween(0.4, 0.52);
  }

  @Test
  void samples_whitenedFactors_areNearerThanPlainOnes() {
    List<Map<String, Tensor>> all = CompressionTest.sentences();
    double[] noise = new double[2];
    for (int i = 0; i < 2; i++) {
      Factorization pass =
          Factorization.size(0.6)
              .only(layersOf(TestModels.MINILM).subList(0, 3).toArray(String[]::new));
      CompressionReport report =
          Compression.of(ModelSource.path(TestModels.file(TestModels.MINILM)))
              .factorize(i == 0 ? pass : pass.samples(all.subList(0, 60)))
              .samples(all.subList(100, 103))
              .saveTo(folder.resolve("low.onnx"));
      noise[i] = report.differences().get(0).signalToNoiseDecibels();
    }
    assertThat(noise[1]).isGreaterThan(noise[0]);
  }

  private static List<String> layersOf(String resource) {
    try (ModelGraph model = open(TestModels.file(resource))) {
      List<String> names = new ArrayList<>();
      for (LayerWeight layer : LayerWeight.of(model.graph())) {
        if (layer.nodes().get(0).is("MatMul")) {
          names.add(layer.name());
        }
      }
      return names;
    }
  }

  @Test
  void measured_layers_areOnlyReplacedWithinTheError() {
    try (ModelGraph model = open(TestModels.file(TestModels.FASHION))) {
      FactorizationPlan plan = Factorization.measured(0.4).plan(model, PassContext.defaults());
      assertThat(plan.layers()).hasSize(4);
      assertThat(plan.layers())
          .allSatisfy(
              layer ->
                  assertThat(
                          layer.note().isEmpty()
                              || layer.note().contains("no fewer weights")
                              || layer.note().contains("times as long"))
                      .isTrue());
      assertThat(plan.layers().stream().filter(FactorizationPlan.Layer::isFactorized))
          .allSatisfy(layer -> assertThat(layer.error()).isLessThanOrEqualTo(0.4));
    }
  }

  @Test
  void plan_layersThatStay_tellsWhy() {
    Path file =
        new TestGraph(13)
            .input("x", -1, 8)
            .weight("full", 8, 8)
            .floats("zero", new float[64], 8, 8)
            .weight("stack", 3, 8, 8)
            .weight("other", 8, 8)
            .node("MatMul", "x full", "a")
            .node("MatMul", "a zero", "b")
            .node("MatMul", "b stack", "c")
            .node("MatMul", "c other", "d")
            .node("Gemm", "b other", "e")
            .node("Add", "d e", "y")
            .output("y", 3, -1, 8)
            .save(folder.resolve("stay.onnx"));
    try (ModelGraph model = open(file)) {
      List<String> notes =
          Factorization.energy(1).plan(model, PassContext.defaults()).layers().stream()
              .map(layer -> layer.weight() + ": " + layer.note())
              .toList();
      assertThat(notes)
          .containsExactly(
              "full: its factors would have no fewer weights",
              "zero: all of it is zero",
              "stack: it is a stack of matrices",
              "other: nodes of different kinds use it");
    }
    Path fashion = TestModels.file(TestModels.FASHION);
    for (var pass : List.of(Pruning.magnitude().sparsity(0.6), WeightSharing.kMeans(16))) {
      try (ModelGraph model = open(fashion)) {
        pass.apply(model, PassContext.defaults());
        FactorizationPlan plan = Factorization.size(0.5).plan(model, PassContext.defaults());
        assertThat(plan.layers().get(1).note()).matches(".*(pruned|share few values).*");
        assertThat(plan.layers().get(2).isFactorized()).isFalse();
      }
    }
  }

  @Test
  void apply_whatIsWrong_isRefused() {
    Path quantized = folder.resolve("quantized.onnx");
    Compression.of(ModelSource.path(TestModels.file(TestModels.FASHION)))
        .quantize(Quantization.dynamicInt8())
        .saveTo(quantized);
    try (ModelGraph model = open(quantized)) {
      assertThatThrownBy(() -> Factorization.size(0.5).apply(model, PassContext.defaults()))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining("quantized already");
    }
    try (ModelGraph model = open(TestModels.file(TestModels.FASHION))) {
      assertThatThrownBy(
              () -> Factorization.size(0.5).exclude("fc9").apply(model, PassContext.defaults()))
          .hasMessageContaining("no layer weight named [fc9]; it has [");
    }
    assertThatThrownBy(() -> Factorization.energy(0)).hasMessageContaining("was 0.0");
    assertThatThrownBy(() -> Factorization.size(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> Factorization.measured(1)).hasMessageContaining("below 1");
    assertThatThrownBy(() -> Factorization.ranks(Map.of("a", List.of(0))))
        .hasMessageContaining("\"a\" are [0]");
  }

  @Test
  void apply_weightOfSeveralLayers_staysShared() {
    Path file =
        new TestGraph(13)
            .input("x", -1, 20)
            .floats("w", product(20, 20, 2), 20, 20)
            .node("MatMul", "x w", "a")
            .node("Relu", "a", "r")
            .node("MatMul", "r w", "y")
            .output("y", -1, 20)
            .save(folder.resolve("shared.onnx"));
    CompressionReport report =
        Compression.of(ModelSource.path(file))
            .factorize(Factorization.energy(0.99999))
            .saveTo(folder.resolve("factors.onnx"));
    assertThat(report.after().parameters()).isEqualTo(80);
    assertThat(report.after().operators()).containsEntry("MatMul", 4);
    assertThat(report.differences().get(0).cosine()).isGreaterThan(0.9999);
  }

  private static ModelGraph open(Path file) {
    return ModelGraph.open(ModelSource.path(file));
  }
}
