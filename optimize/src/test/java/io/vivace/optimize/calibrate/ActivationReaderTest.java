package io.vivace.optimize.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.TestModels;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActivationReaderTest {
  @TempDir Path folder;

  @Test
  void read_convolution_equalsTheFormula() {
    try (ModelGraph model = open(TestModels.FASHION)) {
      Node conv =
          model.graph().nodes().stream().filter(node -> node.is("Conv")).findFirst().orElseThrow();
      float[] kernel = model.graph().constant(conv.input(1)).map(Weight::floats).orElseThrow();
      float[] bias = model.graph().constant(conv.input(2)).map(Weight::floats).orElseThrow();
      float[] image = random(784, 1);
      List<float[]> found = new ArrayList<>();
      try (ActivationReader reader = reader(model, "input", conv.output())) {
        reader.read(
            List.of(Map.of("input", Tensor.of(image, 1, 1, 28, 28))),
            values -> values.values().forEach(tensor -> found.add(tensor.toFloats())));
      }
      assertThat(found.get(0)).containsExactly(image);
      double wanted = bias[3];
      for (int y = 0; y < 3; y++) {
        for (int x = 0; x < 3; x++) {
          wanted += kernel[3 * 9 + y * 3 + x] * image[(9 + y) * 28 + 4 + x];
        }
      }
      assertThat((double) found.get(1)[3 * 784 + 10 * 28 + 5])
          .isCloseTo(wanted, org.assertj.core.data.Offset.offset(1e-5));
    }
  }

  @Test
  void read_everyValueOfTransformer_isFoundAndModelStaysAsItWas() throws Exception {
    Path file = TestModels.file(TestModels.MINILM);
    try (ModelGraph model = open(TestModels.MINILM)) {
      List<String> names = new ArrayList<>();
      model.graph().nodes().stream()
          .filter(node -> !node.is("Constant"))
          .forEach(node -> names.add(node.output()));
      Map<String, String> shapes = new LinkedHashMap<>();
      long count;
      try (ActivationReader reader = reader(model, names.toArray(String[]::new))) {
        count =
            reader.read(
                List.of(tokens(5), tokens(9)),
                values -> values.forEach((name, t) -> shapes.put(name, t.shape().toString())));
      }
      Path copy = folder.resolve("copy.onnx");
      model.save(copy);
      assertThat(count).isEqualTo(2);
      assertThat(shapes.keySet()).containsExactlyElementsOf(names);
      assertThat(shapes.get("last_hidden_state")).isEqualTo("[1, 9, 384]");
      assertThat(Files.mismatch(copy, file)).isEqualTo(-1);
    }
  }

  @Test
  void open_namesThatCannotBeRead_saysWhy() {
    try (ModelGraph model = open(TestModels.FASHION)) {
      String weight = model.graph().weights().iterator().next().name();
      assertThatThrownBy(() -> reader(model, "nothing"))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining("makes a value \"nothing\"");
      assertThatThrownBy(() -> reader(model, weight))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining("is a constant");
    }
  }

  @Test
  void read_wrongSamples_namesSampleAndInput() {
    try (ModelGraph model = open(TestModels.FASHION);
        ActivationReader reader = reader(model, "logits")) {
      Map<String, Tensor> good = Map.of("input", Tensor.of(new float[784], 1, 1, 28, 28));
      assertThatThrownBy(() -> reader.read(List.of(), values -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no sample");
      assertThatThrownBy(() -> reader.read(List.of(good, Map.of("x", good.get("input"))), v -> {}))
          .hasMessageContaining("sample 1")
          .hasMessageContaining("[input]")
          .hasMessageContaining("[x]");
      assertThatThrownBy(
              () ->
                  reader.read(
                      List.of(Map.of("input", Tensor.of(new float[784], 1, 784))), values -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[1, 784]")
          .hasMessageContaining("28");
      assertThat(reader.read(Collections.nCopies(3, good), values -> {})).isEqualTo(3);
    }
  }

  private static ActivationReader reader(ModelGraph model, String... names) {
    return ActivationReader.open(model, List.of(names), PassContext.defaults());
  }

  private static ModelGraph open(String resource) {
    return ModelGraph.open(ModelSource.path(TestModels.file(resource)));
  }

  private static Map<String, Tensor> tokens(int length) {
    long[] ids = new Random(length).longs(length, 1_000, 20_000).toArray();
    long[] ones = new long[length];
    java.util.Arrays.fill(ones, 1);
    return Map.of(
        "input_ids",
        Tensor.of(ids, 1, length),
        "attention_mask",
        Tensor.of(ones, 1, length),
        "token_type_ids",
        Tensor.of(new long[length], 1, length));
  }

  private static float[] random(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }
}
