package io.vivace.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.graph.LayerPass;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.quantize.DynamicQuantization;
import io.vivace.optimize.quantize.Quantization;
import io.vivace.optimize.quantize.StaticQuantization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerSensitivityTest {
  @TempDir Path folder;

  private final List<Map<String, Tensor>> samples = new ArrayList<>();

  LayerSensitivityTest() {
    for (int i = 0; i < 4; i++) {
      float[] values = new float[32];
      for (int j = 0; j < values.length; j++) {
        values[j] = (float) Math.sin(i * 7 + j);
      }
      samples.add(Map.of("x", Tensor.of(values, 1, 32)));
    }
  }

  /** Two layers, and a third in a branch. */
  private ModelSource branched() {
    TestGraph then =
        new TestGraph(13).weight("inner", 32, 32).node("MatMul", "b inner", "t").output("t", 1, 32);
    TestGraph otherwise = new TestGraph(13).node("Relu", "b", "e").output("e", 1, 32);
    return ModelSource.path(
        new TestGraph(13)
            .input("x", 1, 32)
            .weight("first", 32, 32)
            .weight("second", 32, 32)
            .floats("least", new float[] {-9}, new long[0])
            .node("MatMul", "x first", "a")
            .node("MatMul", "a second", "b")
            .node("ReduceMax", "x", "largest", "keepdims", 0)
            .node("Greater", "largest least", "yes")
            .node("If", "yes", "y", "then_branch", then, "else_branch", otherwise)
            .output("y", 1, 32)
            .save(folder.resolve("branched.onnx")));
  }

  /** Multiplies the first weight of a layer with a number. */
  private record Damage(Map<String, Float> factors, Set<String> spared) implements LayerPass {
    @Override
    public LayerPass without(Collection<String> weights) {
      return new Damage(factors, new TreeSet<>(weights));
    }

    @Override
    public void apply(ModelGraph model, PassContext context) {
      for (LayerWeight layer : LayerWeight.of(model.graph())) {
        Float factor = factors.get(layer.name());
        if (factor != null && !spared.contains(layer.name())) {
          layer.replace(layer.weight().mapped((index, w) -> index == 0 ? w * factor : w));
        }
      }
    }
  }

  @Test
  void rank_outputsThatAreNoNumbers_areTheWorst() {
    Map<String, Float> factors = Map.of("first", 3f, "second", Float.NaN, "inner", 1f);
    List<LayerSensitivity> ranks =
        LayerSensitivity.rank(branched(), new Damage(factors, Set.of()), samples);
    assertThat(ranks)
        .extracting(LayerSensitivity::weight)
        .containsExactly("second", "first", "inner");
    assertThat(ranks.get(0).signalToNoiseDecibels()).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(ranks.get(1).signalToNoiseDecibels()).isBetween(0.0, 60.0);
    assertThat(ranks.get(2).signalToNoiseDecibels()).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void rank_samples_areReadOncePerLayer() {
    int[] read = new int[1];
    Iterable<Map<String, Tensor>> counted =
        () -> {
          read[0]++;
          return samples.iterator();
        };
    LayerSensitivity.rank(branched(), new Damage(Map.of(), Set.of()), counted);
    assertThat(read[0]).isEqualTo(3);
  }

  @Test
  void rank_noSamples_isRefused() {
    Damage none = new Damage(Map.of(), Set.of());
    assertThatThrownBy(() -> LayerSensitivity.rank(branched(), none, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one");
  }

  /** Static quantization leaves branches alone, but takes the names of what is in them. */
  @Test
  void rank_layersInBranches_areRankedToo() {
    for (LayerPass way :
        List.of(
            Quantization.staticInt8(samples).perTensor(), Quantization.dynamicInt8().perTensor())) {
      List<LayerSensitivity> ranks = LayerSensitivity.rank(branched(), way, samples);
      assertThat(ranks)
          .extracting(LayerSensitivity::weight)
          .containsExactlyInAnyOrder("first", "second", "inner");
      assertThat(ranks.get(0).signalToNoiseDecibels()).isLessThan(60);
    }
  }

  @Test
  void without_unknownWeight_isRefusedWithTheNearest() {
    DynamicQuantization dynamic = Quantization.dynamicInt8().without(List.of("frist"));
    StaticQuantization fixed = Quantization.staticInt8(samples).without(List.of("inne"));
    assertThatThrownBy(() -> apply(dynamic))
        .hasMessageContaining("[frist]")
        .hasMessageContaining("nearest: [first,");
    assertThatThrownBy(() -> apply(fixed))
        .hasMessageContaining("[inne]")
        .hasMessageContaining("nearest: [inner,");
    assertThatThrownBy(() -> apply(Quantization.dynamicInt8().exclude("t_nod")))
        .hasMessageContaining("nearest: [t_node,");
  }

  @Test
  void exclude_nodeInABranch_staysAsItIs() {
    try (ModelGraph model = ModelGraph.open(branched())) {
      Quantization.dynamicInt8().exclude("t_node").apply(model, PassContext.defaults());
      assertThat(LayerWeight.of(model.graph()))
          .extracting(LayerWeight::name)
          .containsExactly("inner");
    }
  }

  private void apply(LayerPass pass) {
    try (ModelGraph model = ModelGraph.open(branched())) {
      pass.apply(model, PassContext.defaults());
    }
  }
}
