package io.vivace.optimize.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.Compression;
import io.vivace.optimize.CompressionReport;
import io.vivace.optimize.LayerDifference;
import io.vivace.optimize.TestGraph;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Smoothing of what layer normalizations give, without data. */
class ExpectedErrorTest {
  private static final int WIDTH = 128;

  @TempDir Path folder;

  private final Random random = new Random(6);

  @Test
  void error_twoChannels_isAsWorkedOut() {
    ExpectedError error =
        new ExpectedError(
            new float[] {1, 0},
            new float[] {0, -2},
            List.of(Weight.ofFloats("w", Shape.of(2, 1), 3, -4)));
    // The largest channel is 3, the largest weight 4; squares of weights 25, of inputs 1 and 4.
    double plain = Math.pow(6.0 / 255, 2) * 25 + Math.pow(4.0 / 127, 2) * 5;
    assertThat(error.of(new float[] {1, 1})).isCloseTo(plain / (9 + 16 * 4), within(1e-12));
    // Channels become 1.5 and 4, weights 6 and 2.
    double scaled = Math.pow(8.0 / 255, 2) * 40 + Math.pow(6.0 / 127, 2) * (0.25 + 16);
    assertThat(error.of(new float[] {2, 0.5f})).isCloseTo(scaled / 73, within(1e-12));
    // sqrt(3 / 3) and sqrt(2 / 4), divided by their geometric mean.
    double mean = Math.sqrt(Math.sqrt(0.5));
    assertThat(error.scales(0.5))
        .containsExactly(
            new float[] {(float) (1 / mean), (float) (Math.sqrt(0.5) / mean)}, within(1e-6f));
  }

  /** Every sixteenth channel is so many times as large as the others. */
  private Path model(float loud, String second) {
    float[] scale = new float[WIDTH];
    Arrays.fill(scale, 1);
    for (int i = 0; i < WIDTH; i += 16) {
      scale[i] = loud;
    }
    return new TestGraph(17)
        .input("x", -1, WIDTH)
        .floats("scale", scale, WIDTH)
        .floats("shift", new float[WIDTH], WIDTH)
        .floats("w", uniform(), WIDTH, WIDTH)
        .floats("v", uniform(), WIDTH, WIDTH)
        .node("LayerNormalization", "x scale shift", "norm")
        .node("MatMul", "norm w", "a")
        .node("MatMul", second + " v", "b")
        .node("Add", "a b", "y")
        .output("y", -1, WIDTH)
        .save(folder.resolve("model.onnx"));
  }

  private float[] uniform() {
    float[] values = new float[WIDTH * WIDTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return values;
  }

  private List<Map<String, Tensor>> samples() {
    List<Map<String, Tensor>> samples = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      float[] x = new float[4 * WIDTH];
      for (int j = 0; j < x.length; j++) {
        x[j] = (float) random.nextGaussian();
      }
      samples.add(Map.of("x", Tensor.of(x, 4, WIDTH)));
    }
    return samples;
  }

  @Test
  void dynamicInt8_loudChannels_areMovedIntoTheWeights() {
    Path original = model(40, "norm");
    List<Map<String, Tensor>> samples = samples();
    List<float[]> wanted = ModelRun.outputs(original, samples);
    Path plain = folder.resolve("plain.onnx");
    try (ModelGraph model = ModelGraph.open(ModelSource.path(original))) {
      new DynamicRewriter(model.graph(), DynamicQuantization.DEFAULTS, 17)
          .rewrite(PassContext.defaults());
      model.save(plain);
    }
    Path smooth = quantized(original);
    double before = ModelRun.signalToNoise(wanted, ModelRun.outputs(plain, samples));
    double after = ModelRun.signalToNoise(wanted, ModelRun.outputs(smooth, samples));
    assertThat(after).isGreaterThan(before + 3).isGreaterThan(35);
    assertThat(operators(smooth)).contains("Mul", "Cast").doesNotContain("Abs", "ReduceMax");
  }

  /** The report compares what the model computes with, factors included. */
  @Test
  void layers_smoothedWeights_areReported() {
    CompressionReport report =
        Compression.of(ModelSource.path(model(40, "norm")))
            .quantize(Quantization.dynamicInt8())
            .saveTo(folder.resolve("small.onnx"));
    assertThat(report.layers()).extracting(LayerDifference::weight).containsExactly("w", "v");
    assertThat(report.layers())
        .allSatisfy(layer -> assertThat(layer.signalToNoiseDecibels()).isBetween(25.0, 60.0));
  }

  @Test
  void dynamicInt8_evenChannels_stayAsTheyAre() {
    try (ModelGraph model = ModelGraph.open(ModelSource.path(model(1, "x")))) {
      Graph graph = model.graph();
      Smoothing smoothing = new Smoothing(graph, node -> node.is("MatMul"), value -> true);
      assertThat(smoothing.applyExpected(PassContext.defaults())).isEmpty();
      assertThat(graph.nodes()).hasSize(4);
    }
    // Both products have an activation of their own, which gets scales of rows.
    assertThat(operators(quantized(model(1, "x")))).contains("Abs", "ReduceMax");
  }

  /** As in networks whose layers share their weights: two sets of factors would make two. */
  @Test
  void dynamicInt8_weightOfTwoActivations_staysOne() {
    Path original =
        new TestGraph(17)
            .input("x", -1, WIDTH)
            .floats("scale", loudFirst(), WIDTH)
            .floats("shift", new float[WIDTH], WIDTH)
            .floats("w", uniform(), WIDTH, WIDTH)
            .node("LayerNormalization", "x scale shift", "a")
            .node("MatMul", "a w", "b")
            .node("LayerNormalization", "b scale shift", "c")
            .node("MatMul", "c w", "y")
            .output("y", -1, WIDTH)
            .save(folder.resolve("tied.onnx"));
    for (Quantization way :
        List.of(Quantization.dynamicInt8(), Quantization.dynamicInt8().smoothed(samples()))) {
      Path small = folder.resolve("small.onnx");
      Compression.of(ModelSource.path(original)).quantize(way).saveTo(small);
      try (ModelGraph model = ModelGraph.open(ModelSource.path(small))) {
        assertThat(model.graph().weights())
            .filteredOn(weight -> weight.shape().elements() == WIDTH * WIDTH)
            .hasSize(1);
      }
    }
  }

  private static float[] loudFirst() {
    float[] scale = new float[WIDTH];
    Arrays.fill(scale, 1);
    scale[0] = 50;
    return scale;
  }

  private Path quantized(Path original) {
    Path small = folder.resolve("small.onnx");
    Compression.of(ModelSource.path(original)).quantize(Quantization.dynamicInt8()).saveTo(small);
    return small;
  }

  private static List<String> operators(Path file) {
    try (ModelGraph model = ModelGraph.open(ModelSource.path(file))) {
      return model.graph().nodes().stream().map(node -> node.operator()).distinct().toList();
    }
  }
}
