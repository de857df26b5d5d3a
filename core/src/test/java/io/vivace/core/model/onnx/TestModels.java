package io.vivace.core.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Real ONNX files on the class path, and parts of which the tests build bad ones. */
final class TestModels {
  static final String DIGITS = "/io/vivace/core/model/digits-mlp.onnx";
  static final String MINILM = "/all-minilm-l6-v2.onnx";
  static final String CLASSIFIER = "/models/ch_ppocr_mobile_v2.0_cls_infer.onnx";
  static final String DETECTOR = "/models/ch_PP-OCRv4_det_infer.onnx";

  private TestModels() {}

  static Path file(String resource) {
    Path file = Path.of("target", "models", resource.substring(resource.lastIndexOf('/') + 1));
    try (InputStream in = TestModels.class.getResourceAsStream(resource)) {
      if (Files.notExists(file)) {
        Files.createDirectories(file.getParent());
        Path part = Files.createTempFile(file.getParent(), "copy", ".part");
        Files.copy(Objects.requireNonNull(in, resource), part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ModelProto model(GraphProto.Builder graph) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(15))
        .setGraph(graph)
        .build();
  }

  /** A graph with the float input "x" of any size. */
  static GraphProto.Builder graph(NodeProto.Builder... nodes) {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("g").addInput(value("x"));
    Arrays.stream(nodes).forEach(graph::addNode);
    return graph;
  }

  static ValueInfoProto.Builder value(String name) {
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE)));
  }

  /** A node whose output is named like the node. */
  static NodeProto.Builder node(String name, String operator, String... inputs) {
    return NodeProto.newBuilder()
        .setName(name)
        .setOpType(operator)
        .addAllInput(List.of(inputs))
        .addOutput(name);
  }

  static TensorProto.Builder integers(String name, long... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.INT64_VALUE)
            .addDims(values.length);
    Arrays.stream(values).forEach(tensor::addInt64Data);
    return tensor;
  }

  static AttributeProto.Builder body(String name, GraphProto.Builder graph) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.GRAPH)
        .setG(graph);
  }
}
