package io.vivace.optimize.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import io.vivace.optimize.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ModelGraphTest {
  static final List<String> MODELS = TestModels.ALL;

  @TempDir Path folder;

  @ParameterizedTest
  @FieldSource("MODELS")
  void save_untouched_sameBytes(String resource) throws IOException {
    Path source = TestModels.file(resource);
    Path target = folder.resolve("copy.onnx");
    try (ModelGraph model = ModelGraph.open(ModelSource.path(source))) {
      model.save(target);
      assertThat(model.bytes()).isEqualTo(Files.size(source));
    }
    assertThat(Files.mismatch(source, target)).isEqualTo(-1);
  }

  @ParameterizedTest
  @FieldSource("MODELS")
  void save_everythingEncodedAnew_isTheSameModelToProtobuf(String resource) throws IOException {
    Path source = TestModels.file(resource);
    Path target = folder.resolve("copy.onnx");
    ModelProto before = ModelProto.parseFrom(Files.readAllBytes(source));
    try (ModelGraph model = ModelGraph.open(ModelSource.path(source))) {
      model.metadata("key", "value");
      for (Node node : model.graph().nodes()) {
        node.attribute(Attribute.of("added", 1));
        node.removeAttribute("added");
      }
      for (Weight weight : List.copyOf(model.graph().weights())) {
        model
            .graph()
            .put(Weight.of(weight.name(), weight.type(), weight.shape(), weight.elements()));
      }
      model.save(target);
    }
    ModelProto after = ModelProto.parseFrom(Files.readAllBytes(target));
    assertThat(after.getMetadataPropsList()).hasSize(before.getMetadataPropsCount() + 1);
    assertThat(after.toBuilder().clearMetadataProps().build().toByteString())
        .isEqualTo(before.toBuilder().clearMetadataProps().build().toByteString());
  }

  @Test
  void save_changedNode_changesNothingElse() throws IOException {
    Path target = folder.resolve("changed.onnx");
    Path source = TestModels.file(TestModels.CLASSIFIER);
    GraphProto before = ModelProto.parseFrom(Files.readAllBytes(source)).getGraph();
    try (ModelGraph model = ModelGraph.open(ModelSource.path(source))) {
      Graph graph = model.graph();
      graph.put(Weight.ofFloats(graph.freshName("w"), Shape.of(2), 1, 2));
      Node last = graph.nodes().get(graph.nodes().size() - 1);
      last.attribute(Attribute.of("note", "text"));
      model.save(target);
    }
    GraphProto after = ModelProto.parseFrom(Files.readAllBytes(target)).getGraph();
    int last = before.getNodeCount() - 1;
    assertThat(after.getNodeList().subList(0, last))
        .isEqualTo(before.getNodeList().subList(0, last));
    assertThat(after.getNode(last).getAttributeList())
        .hasSize(before.getNode(last).getAttributeCount() + 1);
    assertThat(after.getInitializer(0).getRawData().size()).isEqualTo(8);
  }

  @Test
  void save_overItself_works() throws IOException {
    Path file = folder.resolve("model.onnx");
    Files.copy(TestModels.file(TestModels.FASHION), file);
    try (ModelGraph model = ModelGraph.open(ModelSource.path(file))) {
      model.producer("test", "1");
      model.save(file);
    }
    try (ModelGraph model = ModelGraph.open(ModelSource.path(file))) {
      assertThat(ModelProto.parseFrom(Files.readAllBytes(file)).getProducerName())
          .isEqualTo("test");
      assertThat(model.graph().nodes()).isNotEmpty();
    }
  }

  @Test
  void open_otherFormat_isRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("model.txt"), "this is no model");
    assertThatThrownBy(() -> ModelGraph.open(ModelSource.path(file)))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("wanted is ONNX");
  }
}
