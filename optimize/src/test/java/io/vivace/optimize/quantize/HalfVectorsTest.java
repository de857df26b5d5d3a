package io.vivace.optimize.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.model.ModelSource;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.Compression;
import io.vivace.optimize.TestGraph;
import io.vivace.optimize.graph.ConstantFolding;
import io.vivace.optimize.graph.DuplicateWeights;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.ShortNames;
import io.vivace.optimize.pack.PackedContainer;
import io.vivace.optimize.pack.Packing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Vectors of a model whose large channels were moved into the weights. */
class HalfVectorsTest {
  private static final int WIDTH = 160;

  @TempDir Path folder;

  private final Random random = new Random(8);

  private float[] values(int count, float scale) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() * scale;
    }
    return values;
  }

  /** Products with biases, of which the first is shared by a branch. */
  private Path model() {
    TestGraph then = new TestGraph(13).node("Add", "b first", "t").output("t", 1, WIDTH);
    TestGraph otherwise = new TestGraph(13).node("Sub", "b second", "e").output("e", 1, WIDTH);
    float[] huge = values(WIDTH, 1e5f);
    return new TestGraph(17)
        .input("x", 1, WIDTH)
        .floats("w", values(WIDTH * WIDTH, 0.1f), WIDTH, WIDTH)
        .floats("v", values(WIDTH * WIDTH, 0.1f), WIDTH, WIDTH)
        .floats("first", values(WIDTH, 1), WIDTH)
        .floats("second", values(WIDTH, 1), WIDTH)
        .floats("third", values(WIDTH, 2), WIDTH)
        .floats("tiny", values(WIDTH, 1e-7f), WIDTH)
        .floats("huge", huge, WIDTH)
        .floats("huge2", huge, WIDTH)
        .floats("scale", values(WIDTH, 1), WIDTH)
        .floats("shift", values(WIDTH, 1), WIDTH)
        .floats("positions", values(WIDTH, 1), WIDTH)
        .floats("least", new float[] {-99}, new long[0])
        .node("MatMul", "x w", "xw")
        .node("Add", "xw first", "a")
        .node("Relu", "a", "relu")
        .node("MatMul", "relu v", "product")
        .node("Add", "product third", "b")
        .node("ReduceMax", "x", "largest", "keepdims", 0)
        .node("Greater", "largest least", "yes")
        .node("If", "yes", "c", "then_branch", then, "else_branch", otherwise)
        .node("MatMul", "c w", "p1")
        .node("Add", "p1 tiny", "d")
        .node("MatMul", "d v", "p2")
        .node("Add", "huge p2", "f")
        .node("Sub", "f huge2", "g")
        .node("LayerNormalization", "g scale shift", "h")
        .node("Mul", "h positions", "y")
        .output("y", 1, WIDTH)
        .save(folder.resolve("model.onnx"));
  }

  /** Channels of very different size, so that smoothing pays. */
  private List<Map<String, Tensor>> samples() {
    List<Map<String, Tensor>> samples = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      float[] x = values(WIDTH, 1);
      for (int j = 0; j < WIDTH; j += 16) {
        x[j] *= 30;
      }
      samples.add(Map.of("x", Tensor.of(x, 1, WIDTH)));
    }
    return samples;
  }

  @Test
  void smoothed_vectors_areHalvesWhereNothingIsLost() {
    List<Map<String, Tensor>> samples = samples();
    try (ModelGraph model = ModelGraph.open(ModelSource.path(model()))) {
      HalfVectors.store(model.graph());
      assertThat(model.graph().weights())
          .filteredOn(weight -> weight.type() == OnnxElementType.FLOAT16)
          .extracting(weight -> weight.name())
          .containsExactlyInAnyOrder("third_half", "scale_half", "shift_half");
      // Two that a branch uses, one of subnormal numbers, one out of range, one that is no bias.
      assertThat(model.graph().weights())
          .filteredOn(weight -> weight.type() == OnnxElementType.FLOAT)
          .extracting(weight -> weight.name())
          .contains("first", "second", "tiny", "huge", "positions");
      model.save(folder.resolve("half.onnx"));
    }
    assertThat(signalToNoise(folder.resolve("half.onnx"), samples)).isGreaterThan(60);
  }

  /** Whatever comes later, the outputs stay those of the smoothed model, bit by bit. */
  @Test
  void smoothed_laterPasses_keepTheOutputs() {
    List<Map<String, Tensor>> samples = samples();
    Path smooth = folder.resolve("smooth.onnx");
    Compression.of(ModelSource.path(model()))
        .quantize(Quantization.dynamicInt8().smoothed(samples))
        .saveTo(smooth);
    assertThat(signalToNoise(smooth, samples)).isGreaterThan(30);
    List<float[]> wanted = ModelRun.outputs(smooth, samples);
    Path later = folder.resolve("later.onnx");
    for (GraphPass pass :
        List.of(
            new ConstantFolding(), new DuplicateWeights(), new ShortNames(), Packing.standard())) {
      Compression.of(ModelSource.path(smooth)).pass(pass).saveTo(later);
      List<float[]> found = ModelRun.outputs(later, samples);
      for (int i = 0; i < wanted.size(); i++) {
        assertThat(found.get(i)).as(pass.toString()).containsExactly(wanted.get(i));
      }
    }
    Compression.of(ModelSource.path(smooth)).saveTo(later);
    assertThat(later).hasSameBinaryContentAs(smooth);
    Path container = folder.resolve("smooth.vvp");
    PackedContainer.write(ModelSource.path(smooth), container);
    Compression.of(ModelSource.path(container)).saveTo(later);
    assertThat(later).hasSameBinaryContentAs(smooth);
  }

  private double signalToNoise(Path file, List<Map<String, Tensor>> samples) {
    return ModelRun.signalToNoise(
        ModelRun.outputs(folder.resolve("model.onnx"), samples), ModelRun.outputs(file, samples));
  }
}
