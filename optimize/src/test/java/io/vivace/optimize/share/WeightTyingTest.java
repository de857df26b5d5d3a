package io.vivace.optimize.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.model.ModelSource;
import io.vivace.optimize.Compression;
import io.vivace.optimize.CompressionReport;
import io.vivace.optimize.TestGraph;
import io.vivace.optimize.factorize.Factorization;
import io.vivace.optimize.graph.DuplicateWeights;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.prune.Pruning;
import io.vivace.optimize.prune.StructuralPruning;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightTyingTest {
  @TempDir Path folder;

  /** Two convolutions of one shape, between two others. */
  private Path model() {
    return new TestGraph(13)
        .input("x", -1, 4, 6, 6)
        .weight("w1", 16, 4, 3, 3)
        .weight("w2", 16, 16, 3, 3)
        .weight("w3", 16, 16, 3, 3)
        .weight("b2", 16)
        .weight("b3", 16)
        .weight("w4", 3, 16, 1, 1)
        .node("Conv", "x w1", "c1", "pads", new long[] {1, 1, 1, 1})
        .node("Relu", "c1", "r1")
        .node("Conv", "r1 w2 b2", "c2", "pads", new long[] {1, 1, 1, 1})
        .node("Relu", "c2", "r2")
        .node("Conv", "r2 w3 b3", "c3", "pads", new long[] {1, 1, 1, 1})
        .node("Conv", "c3 w4", "y")
        .output("y", -1, 3, 6, 6)
        .save(folder.resolve("model.onnx"));
  }

  @Test
  void of_twoConvolutions_useOneTensor() {
    WeightTying tying = WeightTying.of("w2", "w3");
    try (ModelGraph model = open(model())) {
      float[] first = model.graph().weight("w2").orElseThrow().floats();
      float[] second = model.graph().weight("w3").orElseThrow().floats();
      assertThat(tying.savedBytes(model)).isEqualTo(16 * 16 * 9 * 4);
      tying.apply(model, PassContext.defaults());
      assertThat(model.graph().weight("w3")).isEmpty();
      LayerWeight layer = LayerWeight.of(model.graph()).get(1);
      assertThat(layer.nodes()).hasSize(2);
      assertThat(layer.weight().floats()).isEqualTo(first);
      assertThat(second).isNotEqualTo(first);
    }
    try (ModelGraph model = open(model())) {
      float first = model.graph().weight("w2").orElseThrow().floats()[7];
      float second = model.graph().weight("w3").orElseThrow().floats()[7];
      tying.averaged().apply(model, PassContext.defaults());
      assertThat(model.graph().weight("w2").orElseThrow().floats()[7])
          .isEqualTo((float) (((double) first + second) / 2));
    }
    CompressionReport report =
        Compression.of(ModelSource.path(model())).share(tying).saveTo(folder.resolve("tied.onnx"));
    assertThat(report.before().bytes() - report.after().bytes()).isBetween(9_200L, 9_260L);
  }

  @Test
  void of_whatIsWrong_isRefused() {
    assertThatThrownBy(() -> WeightTying.of("w2")).hasMessageContaining("[w2]");
    assertThatThrownBy(() -> WeightTying.of("w2", "w2")).hasMessageContaining("[w2, w2]");
    try (ModelGraph model = open(model())) {
      PassContext context = PassContext.defaults();
      assertThatThrownBy(() -> WeightTying.of("w1", "w2").apply(model, context))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining("one type and shape, but are \"w1\" FLOAT[16, 4, 3, 3]");
      assertThatThrownBy(() -> WeightTying.of("w1", "w9").apply(model, context))
          .hasMessageContaining("no tensor \"w9\" to tie; its layers have [w1, w2, w3, w4]");
    }
  }

  /** Passes by letters: t ties, p prunes weights, s prunes channels, k shares values, d dedupes. */
  @ParameterizedTest
  @ValueSource(
      strings = {"tpskfd", "tspkdf", "tkspfd", "ptskdf", "pstkfd", "kptsdf", "tpkdsf", "stpkfd"})
  void anyOrderOfPasses_keepsZerosAndSharedTensors(String order) {
    try (ModelGraph model = open(model())) {
      boolean tied = false;
      boolean shared = false;
      boolean pruned = false;
      for (int i = 0; i < order.length(); i++) {
        char letter = order.charAt(i);
        tied |= letter == 't';
        shared |= letter == 'k';
        pruned |= letter == 'p';
        pass(letter).apply(model, PassContext.defaults());
        List<LayerWeight> layers = LayerWeight.of(model.graph());
        assertThat(layers.stream().anyMatch(layer -> layer.nodes().size() == 2)).isEqualTo(tied);
        if (pruned) {
          assertThat(zeros(layers)).isGreaterThan(0.3);
        }
        if (shared) {
          assertThat(layers).allSatisfy(layer -> assertThat(values(layer)).hasSizeLessThan(9));
        }
      }
      Path result = folder.resolve("result.onnx");
      model.save(result);
      assertThat(
              Compression.of(ModelSource.path(result))
                  .saveTo(folder.resolve("again.onnx"))
                  .differences())
          .isNotEmpty();
    }
  }

  private static GraphPass pass(char letter) {
    return switch (letter) {
      case 't' -> WeightTying.of("w2", "w3");
      case 'p' -> Pruning.magnitude().sparsity(0.6);
      case 's' -> StructuralPruning.l2().ratio(0.25);
      case 'k' -> WeightSharing.kMeans(8);
      case 'f' -> Factorization.size(0.5);
      default -> new DuplicateWeights();
    };
  }

  private static double zeros(List<LayerWeight> layers) {
    List<Float> all = new ArrayList<>();
    layers.forEach(layer -> values(layer.weight().floats(), all));
    return (double) all.stream().filter(value -> value == 0).count() / all.size();
  }

  private static void values(float[] weights, List<Float> all) {
    for (float weight : weights) {
      all.add(weight);
    }
  }

  private static Set<Float> values(LayerWeight layer) {
    List<Float> all = new ArrayList<>();
    values(layer.weight().floats(), all);
    return new HashSet<>(all);
  }

  private static ModelGraph open(Path file) {
    return ModelGraph.open(ModelSource.path(file));
  }
}
