package io.vivace.optimize.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.model.ModelSource;
import io.vivace.optimize.TestModels;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PruningTest {
  @Test
  void magnitude_removesTheSmallestOfEachTensor() {
    List<float[]> original = prune();
    List<float[]> pruned = prune(Pruning.magnitude().sparsity(0.7));

    for (int t = 0; t < original.size(); t++) {
      float[] before = original.get(t);
      float[] after = pruned.get(t);
      assertThat(zeros(after)).isEqualTo((int) Math.rint(before.length * 0.7));
      double removed =
          IntStream.range(0, after.length)
              .filter(i -> after[i] == 0)
              .mapToDouble(i -> Math.abs(before[i]))
              .max()
              .orElseThrow();
      double kept =
          IntStream.range(0, after.length)
              .filter(i -> after[i] != 0)
              .mapToDouble(i -> Math.abs(before[i]))
              .min()
              .orElseThrow();
      assertThat(removed).isLessThanOrEqualTo(kept);
    }
  }

  @Test
  void globalMagnitude_removesTheShareOverAllAndNotOfEach() {
    List<float[]> pruned = prune(Pruning.globalMagnitude().sparsity(0.7));
    int all = pruned.stream().mapToInt(each -> each.length).sum();
    int zeros = pruned.stream().mapToInt(PruningTest::zeros).sum();

    assertThat(zeros).isBetween((int) (all * 0.7), (int) (all * 0.7) + 5);
    assertThat(pruned.stream().mapToDouble(each -> (double) zeros(each) / each.length).distinct())
        .hasSizeGreaterThan(1);
  }

  @Test
  void prunedAgain_goesNoFurtherThanAsked() {
    List<float[]> twice = prune(Pruning.random(1).sparsity(0.5), Pruning.magnitude().sparsity(0.5));
    List<float[]> more = prune(Pruning.magnitude().sparsity(0.5), Pruning.random(1).sparsity(0.75));

    twice.forEach(each -> assertThat(zeros(each)).isEqualTo((int) Math.rint(each.length * 0.5)));
    more.forEach(each -> assertThat(zeros(each)).isEqualTo((int) Math.rint(each.length * 0.75)));
  }

  @Test
  void nOfM_keepsNOfEachGroup() {
    for (float[] weights : prune(Pruning.nOfM(2, 4))) {
      assertThat((double) zeros(weights) / weights.length).isBetween(0.3, 0.5);
    }
    assertThatThrownBy(() -> Pruning.nOfM(4, 4)).hasMessageContaining("4 of 4");
    assertThatThrownBy(() -> Pruning.nOfM(2, 4).sparsity(0.9))
        .hasMessageContaining("is 0.5 already");
  }

  @Test
  void zeroedSlices_areThoseRowsAndNoOther() {
    String name = layers().get(layers().size() - 1);
    float[] before = prune().get(layers().size() - 1);
    float[] after = prune(ZeroedWeights.slices(name, 0, 2, 5)).get(layers().size() - 1);
    int rows = rows(name);
    int width = before.length / rows;

    for (int i = 0; i < before.length; i++) {
      int row = i / width;
      assertThat(after[i]).isEqualTo(row >= 2 && row < 5 ? 0 : before[i]);
    }
    assertThatThrownBy(() -> prune(ZeroedWeights.slices(name, 0, 2, 5000)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("has no slices 2 to 4999 of axis 0");
    assertThatThrownBy(() -> prune(ZeroedWeights.slices("fc9", 0, 2, 5)))
        .hasMessageContaining("has no layer weight \"fc9\"");
    assertThatThrownBy(() -> prune(ZeroedWeights.mask(name, true, false)))
        .hasMessageContaining("but has 2");
  }

  private static List<float[]> prune(GraphPass... passes) {
    try (ModelGraph model = ModelGraph.open(source())) {
      for (GraphPass pass : passes) {
        pass.apply(model, PassContext.defaults());
      }
      return LayerWeight.of(model.graph()).stream().map(each -> each.weight().floats()).toList();
    }
  }

  private static List<String> layers() {
    try (ModelGraph model = ModelGraph.open(source())) {
      return LayerWeight.of(model.graph()).stream().map(LayerWeight::name).toList();
    }
  }

  private static int rows(String name) {
    try (ModelGraph model = ModelGraph.open(source())) {
      return (int) model.graph().constant(name).orElseThrow().shape().dimension(0);
    }
  }

  private static ModelSource source() {
    return ModelSource.path(TestModels.file(TestModels.FASHION));
  }

  private static int zeros(float[] weights) {
    int zeros = 0;
    for (float weight : weights) {
      zeros += weight == 0 ? 1 : 0;
    }
    return zeros;
  }
}
