package io.vivace.optimize.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import io.vivace.optimize.TestModels;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MacsTest {
  @Test
  void of_fashionCnn_equalsTheCountByHand() {
    try (ModelGraph model = open(TestModels.FASHION)) {
      long first = 16L * 28 * 28 * 9;
      long second = 32L * 14 * 14 * 16 * 9;
      long dense = 1568L * 64 + 64 * 10;
      assertThat(Macs.of(model).total()).isEqualTo(first + second + dense);
      assertThat(Macs.of(model).uncounted()).isEmpty();
      assertThat(Macs.of(model).nodes()).hasSize(4).containsValue(first).containsValue(640L);
      assertThat(Macs.of(model, Map.of("input", Shape.of(5, 1, 28, 28))).total())
          .isEqualTo(5 * (first + second + dense));
    }
  }

  @Test
  void of_sentenceEncoder_countsWeightsAndAttention() {
    try (ModelGraph model = open(TestModels.MINILM)) {
      long length = 16;
      long layer = 4L * 384 * 384 + 2L * 384 * 1536;
      long attention = 2 * 384 * length * length;
      Shape shape = Shape.of(1, length);
      Macs macs =
          Macs.of(
              model, Map.of("input_ids", shape, "attention_mask", shape, "token_type_ids", shape));
      assertThat(macs.total()).isEqualTo(6 * (layer * length + attention));
      assertThat(macs.nodes()).hasSize(48);
    }
  }

  @Test
  void of_depthwiseConvolutions_dividesByTheGroups() {
    try (ModelGraph model = open(TestModels.CLASSIFIER)) {
      Macs macs = Macs.of(model, Map.of("x", Shape.of(1, 3, 48, 192)));
      assertThat(macs.uncounted()).isEmpty();
      assertThat(macs.nodes()).hasSize(54);
      Node depthwise =
          model.graph().nodes().stream()
              .filter(node -> node.integer("group", 1) > 1)
              .findFirst()
              .orElseThrow();
      String name = depthwise.name().isEmpty() ? depthwise.output() : depthwise.name();
      assertThat(macs.nodes().get(name)).isEqualTo(8L * 24 * 48 * 9);
    }
  }

  private static ModelGraph open(String resource) {
    return ModelGraph.open(ModelSource.path(TestModels.file(resource)));
  }
}
