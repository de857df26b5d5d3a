package io.vivace.optimize.prune;

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
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibratedPruningTest {
  @TempDir Path folder;

  /** Inputs of norms 1, 10, 2 and 0. */
  private static final List<Map<String, Tensor>> SAMPLES =
      List.of(Map.of("x", Tensor.of(new float[] {1, 6, 2, 0, 0, 8, 0, 0}, 2, 4)));

  @Test
  void wanda_linearLayer_equalsTheScoresByHand() {
    // Scores of the first output are 5, 10, 8, 0; of the second 1, 20, 6, 0.
    float[] pruned = prune(CalibratedPruning.wanda(SAMPLES), 5, 1, 4, 9, 1, -2, 3, 9);
    assertThat(pruned).containsExactly(0, 1, 4, 0, 0, -2, 3, 0);
    assertThat(prune(CalibratedPruning.wanda(SAMPLES).nOfM(1, 2), 5, 1, 4, 9, 1, -2, 3, 9))
        .containsExactly(0, 1, 4, 0, 0, -2, 3, 0);
    assertThat(prune(CalibratedPruning.wanda(SAMPLES).sparsity(0), 5, 1, 4, 9, 1, -2, 3, 9))
        .containsExactly(5, 1, 4, 9, 1, -2, 3, 9);
    assertThat(prune(CalibratedPruning.wanda(SAMPLES).sparsity(1), 5, 1, 4, 9, 1, -2, 3, 9))
        .containsOnly(0);
  }

  /** With two inputs that are the same, the one that stays carries both. */
  @Test
  void sparseGpt_equalInputs_movesTheWeightOver() {
    float[] twins = new float[64];
    Random random = new Random(3);
    for (int i = 0; i < 64; i += 4) {
      twins[i] = (float) random.nextGaussian();
      twins[i + 1] = twins[i];
      twins[i + 2] = (float) random.nextGaussian();
      twins[i + 3] = (float) random.nextGaussian();
    }
    List<Map<String, Tensor>> samples = List.of(Map.of("x", Tensor.of(twins, 16, 4)));
    float[] weights = {1, 1, 3, 3, 1, 2, 3, 4};
    float[] pruned = prune(CalibratedPruning.sparseGpt(samples).sparsity(0.25), weights);
    float[] carried = carried(twins);
    Offset<Float> rounding = Offset.offset(1e-4f);
    for (int row = 0; row < 2; row++) {
      assertThat(pruned[4 * row]).isZero();
      for (int i = 1; i < 4; i++) {
        assertThat(pruned[4 * row + i]).isCloseTo(weights[4 * row + i] + carried[i - 1], rounding);
      }
    }
    assertThat(carried[0]).isBetween(0.8f, 1f); // most of it, less the damping
  }

  /** What the inputs 1 to 3 must carry for input 0 with weight 1: damped least squares. */
  private static float[] carried(float[] rows) {
    double[][] moments = new double[4][4];
    for (int row = 0; row < rows.length; row += 4) {
      for (int i = 0; i < 16; i++) {
        moments[i / 4][i % 4] += (double) rows[row + i / 4] * rows[row + i % 4];
      }
    }
    double damping = 0.1 * IntStream.range(0, 4).mapToDouble(i -> moments[i][i]).sum() / 4;
    DMatrixRMaj others = new DMatrixRMaj(3, 3);
    DMatrixRMaj first = new DMatrixRMaj(3, 1);
    for (int i = 0; i < 9; i++) {
      others.set(i / 3, i % 3, moments[i / 3 + 1][i % 3 + 1] + (i % 4 == 0 ? damping : 0));
    }
    for (int i = 0; i < 3; i++) {
      first.set(i, 0, moments[i + 1][0]);
    }
    DMatrixRMaj solution = new DMatrixRMaj(3, 1);
    assertThat(CommonOps_DDRM.solve(others, first, solution)).isTrue();
    return new float[] {(float) solution.get(0), (float) solution.get(1), (float) solution.get(2)};
  }

  private float[] prune(CalibratedPruning pruning, float... weights) {
    Path file =
        new TestGraph(13)
            .input("x", -1, 4)
            .floats("w", weights, 2, 4)
            .node("Gemm", "x w", "y", "transB", 1)
            .output("y", -1, 2)
            .save(folder.resolve("linear.onnx"));
    try (ModelGraph model = open(file)) {
      pruning.apply(model, PassContext.defaults());
      return model.graph().weight("w").orElseThrow().floats();
    }
  }

  /** The first layers of the encoder, on sentences that calibration did not see. */
  @Test
  void half_sentenceEncoder_samplesBeatMagnitude() {
    List<Map<String, Tensor>> all = CompressionTest.sentences();
    List<Map<String, Tensor>> samples = all.subList(0, 40);
    String[] others;
    try (ModelGraph model = open(TestModels.file(TestModels.MINILM))) {
      List<LayerWeight> layers = LayerWeight.of(model.graph());
      others =
          layers.stream()
              .filter(layer -> layers.indexOf(layer) > 5)
              .map(LayerWeight::name)
              .toArray(String[]::new);
    }
    double magnitude = noise(Pruning.magnitude().exclude(others), all);
    double wanda = noise(CalibratedPruning.wanda(samples).exclude(others), all);
    double sparseGpt = noise(CalibratedPruning.sparseGpt(samples).exclude(others), all);
    assertThat(wanda).isGreaterThan(magnitude + 0.5);
    assertThat(sparseGpt).isGreaterThan(magnitude + 0.5);
  }

  private double noise(GraphPass pass, List<Map<String, Tensor>> all) {
    CompressionReport report =
        Compression.of(ModelSource.path(TestModels.file(TestModels.MINILM)))
            .pass(pass)
            .samples(all.subList(100, 105))
            .saveTo(folder.resolve("sparse.onnx"));
    return report.differences().get(0).signalToNoiseDecibels();
  }

  @Test
  void nOfM_imageNetwork_keepsNOfEachAndStaysPruned() {
    List<Map<String, Tensor>> images = CompressionTest.images(TestModels.FASHION);
    for (CalibratedPruning pass :
        List.of(
            CalibratedPruning.wanda(images).nOfM(2, 4),
            CalibratedPruning.sparseGpt(images).nOfM(2, 4))) {
      try (ModelGraph model = open(TestModels.file(TestModels.FASHION))) {
        Pruning.random(1).sparsity(0.3).apply(model, PassContext.defaults());
        float[] before = LayerWeight.of(model.graph()).get(3).weight().floats();
        pass.exclude(wide(model)).apply(model, PassContext.defaults());
        float[] after = LayerWeight.of(model.graph()).get(3).weight().floats();
        for (int i = 0; i < after.length; i += 4) {
          int zeros = 0;
          for (int j = i; j < i + 4; j++) {
            zeros += after[j] == 0 ? 1 : 0;
            assertThat(before[j] != 0 || after[j] == 0).isTrue();
          }
          assertThat(zeros).isGreaterThanOrEqualTo(2);
        }
      }
    }
  }

  @Test
  void apply_anyNumberOfThreads_sameWeights() {
    List<Map<String, Tensor>> images = CompressionTest.images(TestModels.FASHION);
    float[][] results = new float[2][];
    for (int i = 0; i < 2; i++) {
      try (ModelGraph model = open(TestModels.file(TestModels.FASHION))) {
        CalibratedPruning.sparseGpt(images)
            .exclude(wide(model))
            .apply(model, PassContext.defaults().threads(i == 0 ? 1 : 4));
        results[i] = LayerWeight.of(model.graph()).get(1).weight().floats();
      }
    }
    assertThat(results[0]).isEqualTo(results[1]);
  }

  /** A layer of 1,568 inputs, whose moments take seconds to invert. */
  private static String wide(ModelGraph model) {
    return LayerWeight.of(model.graph()).get(2).name();
  }

  @Test
  void apply_whatIsWrong_isRefused() {
    assertThatThrownBy(() -> CalibratedPruning.wanda(SAMPLES).sparsity(-1))
        .hasMessageContaining("was -1.0");
    assertThatThrownBy(() -> CalibratedPruning.wanda(SAMPLES).nOfM(4, 4))
        .hasMessageContaining("4 of 4");
    assertThatThrownBy(() -> prune(CalibratedPruning.wanda(List.of()), new float[8]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no sample");
    assertThatThrownBy(() -> prune(CalibratedPruning.wanda(SAMPLES).exclude("v"), new float[8]))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("named [v]");
    assertThatThrownBy(
            () -> prune(CalibratedPruning.wanda(SAMPLES), 1, 2, Float.NaN, 4, 5, 6, 7, 8))
        .hasMessageContaining("element 2 of");
  }

  private static ModelGraph open(Path file) {
    return ModelGraph.open(ModelSource.path(file));
  }
}
