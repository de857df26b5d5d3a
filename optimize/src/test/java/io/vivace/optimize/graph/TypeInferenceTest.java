package io.vivace.optimize.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.model.ModelSource;
import io.vivace.optimize.TestModels;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class TypeInferenceTest {
  static final List<String> MODELS = TestModels.ALL;

  /** Whatever is inferred must be what ONNX Runtime found when it ran the model. */
  @ParameterizedTest
  @FieldSource("MODELS")
  void of_realModel_neverContradictsTheRun(String resource) throws IOException {
    Path file = TestModels.file(resource);
    try (ModelGraph model = ModelGraph.open(ModelSource.path(file))) {
      TypeInference types = TypeInference.of(model);
      int checked = 0;
      for (String[] value : run(file)) {
        if (value[0].equals("V")) {
          ValueType type = types.type(value[1]);
          long[] shape =
              Arrays.stream((value.length > 3 ? value[3] : "").split(","))
                  .filter(size -> !size.isEmpty())
                  .mapToLong(Long::parseLong)
                  .toArray();
          assertThat(type.element().number())
              .as("%s: %s", value[1], type)
              .isEqualTo(Integer.parseInt(value[2]));
          assertThat(type.rank()).as("rank of %s: %s", value[1], type).isEqualTo(shape.length);
          for (int axis = 0; axis < shape.length; axis++) {
            if (type.size(axis) >= 0) {
              assertThat(type.size(axis)).as("%s: %s", value[1], type).isEqualTo(shape[axis]);
            }
          }
          checked++;
        }
      }
      assertThat(checked).isGreaterThan(5);
    }
  }

  @Test
  void of_sentenceEncoder_knowsTheWidths() {
    try (ModelGraph model = ModelGraph.open(ModelSource.path(TestModels.file(TestModels.MINILM)))) {
      TypeInference types = TypeInference.of(model);
      for (Node node : model.graph().nodes()) {
        if (node.is("MatMul") && model.graph().weight(node.input(1)).isPresent()) {
          assertThat(types.type(node.input(0)).rank()).isEqualTo(3);
          assertThat(types.type(node.input(0)).size(-1)).isIn(384L, 1536L);
          assertThat(types.type(node.output()).size(-1)).isIn(384L, 1536L);
        }
      }
    }
  }

  @Test
  void of_imageClassifier_knowsAllChannels() {
    try (ModelGraph model =
        ModelGraph.open(ModelSource.path(TestModels.file(TestModels.CLASSIFIER)))) {
      TypeInference types = TypeInference.of(model);
      for (Node node : model.graph().nodes()) {
        if (node.is("Conv")) {
          assertThat(types.type(node.input(0)).size(1)).as(node.toString()).isPositive();
          assertThat(types.type(node.output()).size(1)).as(node.toString()).isPositive();
        }
      }
    }
  }

  private static List<String[]> run(Path model) throws IOException {
    String name = "shapes-" + model.getFileName().toString().replace(".onnx", ".tsv.gz");
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Objects.requireNonNull(
                        TypeInferenceTest.class.getResourceAsStream(name), name)),
                StandardCharsets.UTF_8))) {
      return reader.lines().map(line -> line.split("\t")).toList();
    }
  }
}
