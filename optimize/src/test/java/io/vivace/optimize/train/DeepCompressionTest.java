package io.vivace.optimize.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import io.vivace.core.FitContext;
import io.vivace.core.Predictor;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.data.Dataset;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.Compression;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.pack.PackedContainer;
import io.vivace.optimize.pack.Packing;
import io.vivace.optimize.prune.SparsitySchedule;
import io.vivace.optimize.share.WeightSharing;
import io.vivace.optimize.train.graph.FineTuning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Train, prune while training, share, tune, pack: each step keeps what the one before it did. */
class DeepCompressionTest {
  private static final int BATCH = 100;
  private static final int VALUES = 32;
  private static final double SPARSITY = 0.93;

  @TempDir Path folder;

  private final Dataset<float[], Integer> training = FashionData.slice(0, 1_000);

  @Test
  void chain_keepsZerosAndSharedValues_andTheContainerGivesTheFileBack() throws IOException {
    Path dense = train("dense", Trainer.block(DeepCompressionTest::network), 1e-3, 3);
    long half = 3L * training.size() / BATCH / 2;
    SparsitySchedule ramp = new SparsitySchedule(0, SPARSITY, 1, half, 3, 1);
    Path sparse =
        train("sparse", Trainer.graph(FineTuning.of(source(dense)).globalRamp(ramp)), 1e-3, 3);
    Path shared = folder.resolve("shared.onnx");
    Compression.of(source(sparse)).share(WeightSharing.kMeans(VALUES)).saveTo(shared);
    Path tuned =
        train("tuned", Trainer.graph(FineTuning.of(source(shared)).keepSharing(VALUES)), 3e-4, 2);
    Path packed = folder.resolve("packed.onnx");
    Path container = folder.resolve("packed.vvp");
    Compression.of(source(tuned)).pack(Packing.standard()).saveTo(packed);
    PackedContainer.write(source(packed), container);

    requireSameZeros(weights(sparse), weights(shared));
    requireSameZeros(weights(shared), weights(tuned));
    assertThat(zeros(weights(tuned))).isCloseTo(SPARSITY, within(0.002));
    requireSameSharing(weights(shared), weights(tuned));
    try (ModelArtifact artifact = source(container).resolve()) {
      assertThat(Files.mismatch(artifact.path(), packed)).isEqualTo(-1);
    }
    assertThat(Files.size(dense) / (double) Files.size(container)).isGreaterThan(35);
    List<float[]> scores = scores(tuned);
    List<float[]> unpacked = scores(container);
    for (int i = 0; i < scores.size(); i++) {
      assertThat(unpacked.get(i)).as("image " + i).containsExactly(scores.get(i));
    }
  }

  private static void requireSameZeros(Map<String, float[]> before, Map<String, float[]> after) {
    assertThat(after.keySet()).isEqualTo(before.keySet());
    before.forEach(
        (name, values) -> {
          for (int i = 0; i < values.length; i++) {
            assertThat(after.get(name)[i] == 0).as(name + " " + i).isEqualTo(values[i] == 0);
          }
        });
  }

  /** Weights that were equal are equal, and the values moved. */
  private static void requireSameSharing(Map<String, float[]> before, Map<String, float[]> after) {
    before.forEach(
        (name, values) -> {
          Map<Float, Float> moved = new HashMap<>();
          for (int i = 0; i < values.length; i++) {
            float is = after.get(name)[i];
            assertThat(moved.merge(values[i], is, (first, same) -> first)).isEqualTo(is);
          }
          assertThat(moved).as(name).hasSizeBetween(2, VALUES);
          assertThat(moved.entrySet()).anyMatch(entry -> !entry.getKey().equals(entry.getValue()));
        });
  }

  private static double zeros(Map<String, float[]> weights) {
    double zeros = 0;
    double all = 0;
    for (float[] values : weights.values()) {
      for (float value : values) {
        zeros += value == 0 ? 1 : 0;
      }
      all += values.length;
    }
    return zeros / all;
  }

  private static Map<String, float[]> weights(Path model) {
    Map<String, float[]> weights = new LinkedHashMap<>();
    try (ModelGraph graph = ModelGraph.open(source(model))) {
      for (LayerWeight layer : LayerWeight.of(graph.graph())) {
        weights.put(layer.name(), layer.weight().floats());
      }
    }
    return weights;
  }

  private List<float[]> scores(Path model) {
    try (Predictor<float[], float[]> predictor =
        Predictor.builder()
            .model(source(model))
            .input(VectorInput.floats(784))
            .output(VectorOutput.floats())
            .build()) {
      return training.slice(0, 100).inputs().stream().map(predictor::predict).toList();
    }
  }

  private static ModelSource source(Path file) {
    return ModelSource.path(file);
  }

  private Path train(String name, Trainer.InputStage stage, double rate, int epochs) {
    Path target = folder.resolve(name + ".onnx");
    try (TrainedModel<float[], float[]> trained =
        stage
            .input(VectorInput.floats(784))
            .output(VectorOutput.floats())
            .<Integer>loss(Loss.crossEntropy())
            .optimizer(Optimizer.adam(rate))
            .batchSize(BATCH)
            .epochs(epochs)
            .build()
            .fit(training, FitContext.<float[], Integer>defaults().seed(3))) {
      trained.export(target);
    }
    return target;
  }

  private static SequentialBlock network() {
    return new SequentialBlock()
        .add(Linear.builder().setUnits(300).build())
        .add(Activation.reluBlock())
        .add(Linear.builder().setUnits(100).build())
        .add(Activation.reluBlock())
        .add(Linear.builder().setUnits(10).build());
  }
}
