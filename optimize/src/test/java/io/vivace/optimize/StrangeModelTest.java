package io.vivace.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.vivace.core.InferenceException;
import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.prune.Pruning;
import io.vivace.optimize.quantize.Quantization;
import io.vivace.optimize.share.WeightSharing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models that are well-formed files, but not what a pass expects. */
@Timeout(60)
class StrangeModelTest {
  private static final int WIDTH = 48;

  @TempDir Path folder;

  static Stream<GraphPass> passes() {
    return Stream.of(Quantization.dynamicInt8(), Pruning.magnitude(), WeightSharing.kMeans(4));
  }

  @ParameterizedTest
  @MethodSource("passes")
  void saveTo_cyclicGraph_isRefused(GraphPass pass) throws IOException {
    GraphProto.Builder graph =
        graph()
            .addNode(node("Add", "x", "b", "a"))
            .addNode(node("Relu", "a", "b"))
            .addNode(node("MatMul", "b", "w", "y"))
            .addInitializer(weight(WIDTH, WIDTH));
    assertThatThrownBy(() -> save(graph, pass))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("cycle");
    assertThat(folder.resolve("out.onnx")).doesNotExist();
  }

  @ParameterizedTest
  @MethodSource("passes")
  void saveTo_operatorThatNobodyKnows_isKeptButTheEngineRefuses(GraphPass pass) throws IOException {
    GraphProto.Builder graph =
        graph()
            .addNode(node("MatMul", "x", "w", "m"))
            .addNode(node("Frobnicate", "m", "y").setDomain("com.example"))
            .addInitializer(weight(WIDTH, WIDTH));
    ModelProto.Builder model = model(graph);
    model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("com.example").setVersion(1));
    Path file = write(model);
    Path target = folder.resolve("out.onnx");
    assertThatThrownBy(() -> Compression.of(ModelSource.path(file)).pass(pass).saveTo(target))
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining("Frobnicate");
    assertThat(target).doesNotExist();
    CompressionReport report =
        Compression.of(ModelSource.path(file)).pass(pass).unchecked().saveTo(target);
    assertThat(report.after().operators()).containsEntry("Frobnicate", 1);
  }

  @ParameterizedTest
  @MethodSource("passes")
  void saveTo_inputWithoutShape_works(GraphPass pass) throws IOException {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .setName("g")
            .addInput(shapeless("x"))
            .addOutput(shapeless("y"))
            .addNode(node("MatMul", "x", "w", "y"))
            .addInitializer(weight(WIDTH, WIDTH));
    CompressionReport report = save(graph, pass);
    assertThat(report.after().parameters()).isPositive();
    assertThat(report.validation()).contains("OnnxRuntime");
  }

  @ParameterizedTest
  @MethodSource("passes")
  void saveTo_weightWithoutElements_worksOrIsNamed(GraphPass pass) throws IOException {
    GraphProto.Builder graph =
        graph()
            .addNode(node("MatMul", "x", "w", "m"))
            .addNode(node("MatMul", "x", "none", "n"))
            .addNode(node("Concat", "m", "n", "y").addAttribute(axis()))
            .addInitializer(weight(WIDTH, WIDTH))
            .addInitializer(weight(WIDTH, 0).setName("none"));
    try {
      assertThat(save(graph, pass).differences()).hasSize(1);
    } catch (GraphException e) {
      assertThat(e).hasMessageContaining("none");
    }
  }

  @ParameterizedTest
  @MethodSource("passes")
  void saveTo_externalDataOutsideTheFolder_isRefused(GraphPass pass) throws IOException {
    Path secret = Files.write(folder.resolve("secret"), new byte[4 * WIDTH * WIDTH]);
    Path inside = Files.createDirectory(folder.resolve("model"));
    TensorProto.Builder outside =
        weight(WIDTH, WIDTH)
            .clearRawData()
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(
                StringStringEntryProto.newBuilder().setKey("location").setValue("../secret"));
    GraphProto.Builder graph =
        graph().addNode(node("MatMul", "x", "w", "y")).addInitializer(outside);
    Path file = inside.resolve("m.onnx");
    Files.write(file, model(graph).build().toByteArray());
    assertThatThrownBy(
            () ->
                Compression.of(ModelSource.path(file))
                    .pass(pass)
                    .saveTo(folder.resolve("out.onnx")))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("secret");
    assertThat(secret).hasSize(4L * WIDTH * WIDTH);
  }

  @Test
  void saveTo_targetInAFile_isRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    GraphProto.Builder graph =
        graph().addNode(node("MatMul", "x", "w", "y")).addInitializer(weight(WIDTH, WIDTH));
    Path model = write(model(graph));
    assertThatThrownBy(
            () -> Compression.of(ModelSource.path(model)).saveTo(file.resolve("out.onnx")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("can be written");
    assertThat(file).hasContent("in the way");
  }

  @Test
  void saveTo_notAModel_isRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("text.onnx"), "this is no model at all");
    assertThatThrownBy(
            () -> Compression.of(ModelSource.path(text)).saveTo(folder.resolve("out.onnx")))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("text.onnx");
  }

  private CompressionReport save(GraphProto.Builder graph, GraphPass pass) throws IOException {
    return Compression.of(ModelSource.path(write(model(graph))))
        .pass(pass)
        .saveTo(folder.resolve("out.onnx"));
  }

  private Path write(ModelProto.Builder model) throws IOException {
    return Files.write(folder.resolve("model.onnx"), model.build().toByteArray());
  }

  private static GraphProto.Builder graph() {
    return GraphProto.newBuilder().setName("g").addInput(value("x")).addOutput(shapeless("y"));
  }

  private static NodeProto.Builder node(String operator, String... values) {
    NodeProto.Builder node =
        NodeProto.newBuilder().setName("to_" + values[values.length - 1]).setOpType(operator);
    for (int i = 0; i < values.length - 1; i++) {
      node.addInput(values[i]);
    }
    return node.addOutput(values[values.length - 1]);
  }

  private static ai.onnx.proto.OnnxMl.AttributeProto.Builder axis() {
    return ai.onnx.proto.OnnxMl.AttributeProto.newBuilder()
        .setName("axis")
        .setType(ai.onnx.proto.OnnxMl.AttributeProto.AttributeType.INT)
        .setI(1);
  }

  private static TensorProto.Builder weight(int rows, int columns) {
    ByteBuffer bytes = ByteBuffer.allocate(rows * columns * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows * columns; i++) {
      bytes.putFloat((i * 37 % 101 - 50) / 50f);
    }
    return TensorProto.newBuilder()
        .setName("w")
        .setDataType(1)
        .addDims(rows)
        .addDims(columns)
        .setRawData(ByteString.copyFrom(bytes.array()));
  }

  private static ValueInfoProto.Builder value(String name) {
    TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(1);
    tensor.getShapeBuilder().addDimBuilder().setDimParam("n");
    tensor.getShapeBuilder().addDimBuilder().setDimValue(WIDTH);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor));
  }

  private static ValueInfoProto.Builder shapeless(String name) {
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder().setTensorType(TypeProto.Tensor.newBuilder().setElemType(1)));
  }

  private static ModelProto.Builder model(GraphProto.Builder graph) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(15))
        .setGraph(graph);
  }
}
