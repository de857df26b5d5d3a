package io.vivace.optimize.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.Predictor;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.Compression;
import io.vivace.optimize.TestGraph;
import io.vivace.optimize.TestModels;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Residual blocks whose sums are worked out by hand. */
class DepthPruningTest {
  @TempDir Path folder;

  /** a = x + 10 x, b = a + 20 a, y = b + 30 b; wide has two elements more. */
  private Path model() {
    return new TestGraph(13)
        .input("x", -1, 2)
        .floats("ten", new float[] {10}, 1)
        .floats("twenty", new float[] {20}, 1)
        .floats("thirty", new float[] {30}, 1)
        .node("Mul", "x ten", "x10")
        .node("Add", "x x10", "a")
        .node("Mul", "a twenty", "a20")
        .node("Add", "a a20", "b")
        .node("Mul", "b thirty", "b30")
        .node("Add", "b b30", "y")
        .node("Concat", "x y", "wide", "axis", 1)
        .output("y", -1, 2)
        .output("wide", -1, 4)
        .save(folder.resolve("chain.onnx"));
  }

  private float[] answer(DepthPruning pruning) {
    Path target = folder.resolve("short.onnx");
    Compression.of(ModelSource.path(model())).prune(pruning).unchecked().saveTo(target);
    try (Predictor<float[], float[]> predictor =
        Predictor.builder()
            .model(ModelSource.path(target))
            .input(VectorInput.floats(2))
            .output(VectorOutput.floats().named("y"))
            .build()) {
      return predictor.predict(new float[] {1, -2});
    }
  }

  @Test
  void remove_ofABlock_joinsItsNeighbours() {
    assertThat(answer(DepthPruning.none())).containsExactly(11 * 21 * 31, -2 * 11 * 21 * 31);
    assertThat(answer(DepthPruning.none().remove("a", "b"))).containsExactly(341, -682);
    assertThat(answer(DepthPruning.none().remove("x", "a"))).containsExactly(651, -1302);
    assertThat(answer(DepthPruning.none().remove("b", "y"))).containsExactly(231, -462);
    assertThat(answer(DepthPruning.none().remove("a", "b").remove("b", "y")))
        .containsExactly(11, -22);
    assertThat(answer(DepthPruning.none().remove("b", "y").remove("x", "a")))
        .containsExactly(21, -42);
  }

  /** A type that inference does not know may be equal. */
  @Test
  void remove_ofABlockOfUnknownType_works() {
    Path model =
        new TestGraph(13)
            .input("x", -1, 2)
            .floats("ten", new float[] {10}, 1)
            .node("Mul", "x ten", "x10")
            .node("Unheard", "x10", "a")
            .node("Relu", "a", "y")
            .output("y", -1, 2)
            .save(folder.resolve("unknown.onnx"));
    try (ModelGraph opened = ModelGraph.open(ModelSource.path(model))) {
      DepthPruning.none().remove("x10", "a").apply(opened, PassContext.defaults());
      assertThat(opened.graph().nodes())
          .extracting(node -> node.operator())
          .containsExactly("Mul", "Relu");
    }
  }

  @Test
  void remove_ofALayerOfMiniLm_leavesNothingOfIt() {
    List<String> ends =
        List.of(
            "/encoder/layer.0/output/LayerNorm/Add_1_output_0",
            "/encoder/layer.1/output/LayerNorm/Add_1_output_0");
    try (ModelGraph model = ModelGraph.open(ModelSource.path(TestModels.file(TestModels.MINILM)))) {
      int before = model.graph().nodes().size();
      DepthPruning.none().remove(ends.get(0), ends.get(1)).apply(model, PassContext.defaults());
      assertThat(model.graph().nodes()).hasSizeLessThan(before - 80);
      assertThat(model.graph().weights())
          .noneMatch(weight -> weight.name().startsWith("encoder.layer.1."));
      assertThat(model.graph().weights())
          .anyMatch(weight -> weight.name().startsWith("encoder.layer.2."));
    }
  }

  /** The output's axes have names, those inside have none. */
  @Test
  void remove_ofTheLastLayerOfMiniLm_keepsTheOutput() {
    try (ModelGraph model = ModelGraph.open(ModelSource.path(TestModels.file(TestModels.MINILM)))) {
      DepthPruning.none()
          .remove("/encoder/layer.4/output/LayerNorm/Add_1_output_0", "last_hidden_state")
          .apply(model, PassContext.defaults());
      assertThat(model.graph().isOutput("last_hidden_state")).isTrue();
      assertThat(model.graph().weights())
          .noneMatch(weight -> weight.name().startsWith("encoder.layer.5."));
    }
  }

  @Test
  void remove_ofWhatIsNoBlock_isRefused() {
    assertThatThrownBy(() -> answer(DepthPruning.none().remove("a", "c")))
        .hasStackTraceContaining("no node of model chain.onnx makes a value \"c\"");
    assertThatThrownBy(() -> answer(DepthPruning.none().remove("b", "a")))
        .hasStackTraceContaining("\"a\" of model chain.onnx does not depend on \"b\"");
    assertThatThrownBy(() -> answer(DepthPruning.none().remove("a", "b").remove("b", "a")))
        .hasStackTraceContaining("\"a\" of model chain.onnx does not depend on \"b\"");
    assertThatThrownBy(() -> answer(DepthPruning.none().remove("x", "wide")))
        .hasStackTraceContaining("cannot be removed");
    assertThatThrownBy(() -> DepthPruning.none().remove("a", "a"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DepthPruning.none().remove("x", "a").remove("b", "a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("named once");
  }
}
