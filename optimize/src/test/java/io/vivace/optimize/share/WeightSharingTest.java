package io.vivace.optimize.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.model.ModelSource;
import io.vivace.optimize.TestModels;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.prune.Pruning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightSharingTest {
  @TempDir Path folder;

  @Test
  void kMeans_leavesAsManyValuesAsAskedForInEachTensor() {
    Path file = run(TestModels.FASHION, WeightSharing.kMeans(16));

    for (float[] weights : weights(file)) {
      assertThat(distinct(weights)).isLessThanOrEqualTo(16).isGreaterThan(10);
    }
  }

  @Test
  void perChannel_isNearerThanOneCodebook() {
    List<float[]> original = weights(TestModels.file(TestModels.FASHION));
    List<float[]> tensor = weights(run(TestModels.FASHION, WeightSharing.kMeans(8)));
    List<float[]> channel = weights(run(TestModels.FASHION, WeightSharing.kMeans(8).perChannel()));

    for (int i = 0; i < original.size(); i++) {
      assertThat(error(original.get(i), channel.get(i)))
          .isLessThan(error(original.get(i), tensor.get(i)));
    }
  }

  @Test
  void prunedWeights_stayPruned() {
    Path file =
        run(TestModels.FASHION, Pruning.magnitude().sparsity(0.8), WeightSharing.kMeans(16));

    for (float[] weights : weights(file)) {
      assertThat(zeros(weights)).isEqualTo((int) Math.rint(weights.length * 0.8));
      assertThat(distinct(weights)).isLessThanOrEqualTo(16);
    }
  }

  @Test
  void sameOptions_giveTheSameBytesForAnyNumberOfThreads() throws IOException {
    WeightSharing sharing =
        WeightSharing.kMeans(16).initial(Centroids.K_MEANS_PLUS_PLUS).seed(7).perChannel();

    byte[] one = Files.readAllBytes(run(TestModels.FASHION, 1, sharing));
    byte[] four = Files.readAllBytes(run(TestModels.FASHION, 4, sharing));

    assertThat(four).isEqualTo(one);
  }

  @Test
  void excludedWeights_areLeftAndUnknownOnesNamed() {
    Path original = TestModels.file(TestModels.FASHION);
    String first = names(original).get(0);

    Path file = run(TestModels.FASHION, WeightSharing.kMeans(2).exclude(first));

    assertThat(weights(file).get(0)).containsExactly(weights(original).get(0));
    assertThat(distinct(weights(file).get(1))).isEqualTo(2);
    assertThatThrownBy(() -> run(TestModels.FASHION, WeightSharing.kMeans(2).exclude("nobody")))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("[nobody]");
    assertThatThrownBy(() -> WeightSharing.kMeans(1)).hasMessageContaining("but was 1");
  }

  private Path run(String model, GraphPass... passes) {
    return run(model, 2, passes);
  }

  private Path run(String model, int threads, GraphPass... passes) {
    Path target = folder.resolve("out" + threads + passes.length + passes[0].hashCode() + ".onnx");
    try (ModelGraph graph = ModelGraph.open(ModelSource.path(TestModels.file(model)))) {
      for (GraphPass pass : passes) {
        pass.apply(graph, PassContext.defaults().threads(threads));
      }
      graph.save(target);
    }
    return target;
  }

  private static List<float[]> weights(Path file) {
    try (ModelGraph graph = ModelGraph.open(ModelSource.path(file))) {
      return LayerWeight.of(graph.graph()).stream().map(each -> each.weight().floats()).toList();
    }
  }

  private static List<String> names(Path file) {
    try (ModelGraph graph = ModelGraph.open(ModelSource.path(file))) {
      return LayerWeight.of(graph.graph()).stream().map(LayerWeight::name).toList();
    }
  }

  private static int distinct(float[] weights) {
    float[] sorted = weights.clone();
    Arrays.sort(sorted);
    int distinct = 0;
    for (int i = 0; i < sorted.length; i++) {
      distinct += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
    }
    return distinct;
  }

  private static int zeros(float[] weights) {
    int zeros = 0;
    for (float weight : weights) {
      zeros += weight == 0 ? 1 : 0;
    }
    return zeros;
  }

  private static double error(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return sum;
  }
}
