package io.vivace.core.model.onnx;

import static io.vivace.core.model.onnx.TestModels.body;
import static io.vivace.core.model.onnx.TestModels.graph;
import static io.vivace.core.model.onnx.TestModels.integers;
import static io.vivace.core.model.onnx.TestModels.model;
import static io.vivace.core.model.onnx.TestModels.node;
import static io.vivace.core.model.onnx.TestModels.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.vivace.core.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxModelTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        TestModels.DIGITS,
        TestModels.MINILM,
        TestModels.CLASSIFIER,
        TestModels.DETECTOR,
        "/models/ch_PP-OCRv3_det_infer.onnx",
        "/models/ch_PP-OCRv3_rec_infer.onnx",
        "/models/ch_PP-OCRv4_rec_infer.onnx"
      })
  void read_realFile_equalsProtobuf(String resource) throws IOException {
    compareWithOracle(TestModels.file(resource));
  }

  @Test
  void read_everyKindOfPart_equalsProtobuf() throws IOException {
    compareWithOracle(write(everything()));
  }

  @Test
  void read_fieldsThatAreNotInterpreted_keepsThemAsTheyAre() throws IOException {
    UnknownFieldSet later =
        UnknownFieldSet.newBuilder()
            .addField(500, UnknownFieldSet.Field.newBuilder().addVarint(7).addFixed64(8).build())
            .build();
    NodeProto node = node("a", "Relu", "x").setDocString("why").setUnknownFields(later).build();
    ModelProto proto =
        model(graph().addNode(node)).toBuilder().setDocString("doc").setModelVersion(3).build();

    OnnxModel model = OnnxModel.read(write(proto));

    try (OnnxData data = OnnxData.open(model)) {
      assertThat(NodeProto.parseFrom(join(data, model.graph().nodes().get(0).kept())))
          .isEqualTo(NodeProto.newBuilder().setDocString("why").setUnknownFields(later).build());
      assertThat(ModelProto.parseFrom(join(data, model.kept())))
          .isEqualTo(ModelProto.newBuilder().setDocString("doc").setModelVersion(3).build());
    }
  }

  @Test
  void read_externalData_isStatedAndNotOpened() throws IOException {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .addDims(4)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(entry("location", "w.bin"))
            .addExternalData(entry("offset", "4096"))
            .addExternalData(entry("length", "16"));

    OnnxModel model = OnnxModel.read(write(model(graph().addInitializer(tensor))));

    assertThat(model.graph().initializers().get(0).payload())
        .isEqualTo(new OnnxPayload.External("w.bin", 4096, 16));
  }

  @Test
  void read_missingFile_namesTheModel() {
    assertThatThrownBy(() -> OnnxModel.read(folder.resolve("none.onnx")))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("none.onnx");
  }

  @Test
  void read_folder_isAnError() {
    assertThatThrownBy(() -> OnnxModel.read(folder)).isInstanceOf(ModelLoadException.class);
  }

  private void compareWithOracle(Path file) throws IOException {
    OnnxModel model = OnnxModel.read(file);
    try (OnnxData data = OnnxData.open(model);
        InputStream in = Files.newInputStream(file)) {
      new OracleComparison(data).compare(model, ModelProto.parseFrom(in));
    }
  }

  private static ModelProto everything() {
    SparseTensorProto.Builder sparse =
        SparseTensorProto.newBuilder()
            .setValues(
                TensorProto.newBuilder()
                    .setName("sparse")
                    .setDataType(TensorProto.DataType.DOUBLE_VALUE)
                    .addDims(2)
                    .addDoubleData(1.5)
                    .addDoubleData(-2))
            .setIndices(integers("", 1, 5))
            .addDims(2)
            .addDims(3);
    NodeProto.Builder settings =
        node("settings", "Custom", "x", "")
            .setDomain("com.example")
            .addAttribute(attribute("i", AttributeProto.AttributeType.INT).setI(-5))
            .addAttribute(attribute("f", AttributeProto.AttributeType.FLOAT).setF(0.25f))
            .addAttribute(
                attribute("s", AttributeProto.AttributeType.STRING)
                    .setS(ByteString.copyFrom(new byte[] {(byte) 0xFF, 0})))
            .addAttribute(
                attribute("ints", AttributeProto.AttributeType.INTS)
                    .addInts(1)
                    .addInts(Long.MIN_VALUE)
                    .addInts(-1))
            .addAttribute(
                attribute("floats", AttributeProto.AttributeType.FLOATS)
                    .addFloats(1)
                    .addFloats(-3.5f))
            .addAttribute(
                attribute("strings", AttributeProto.AttributeType.STRINGS)
                    .addStrings(ByteString.copyFromUtf8("one"))
                    .addStrings(ByteString.EMPTY))
            .addAttribute(
                attribute("ts", AttributeProto.AttributeType.TENSORS)
                    .addTensors(integers("a", 1, 2))
                    .addTensors(integers("b")))
            .addAttribute(
                attribute("sparse", AttributeProto.AttributeType.SPARSE_TENSOR)
                    .setSparseTensor(sparse))
            .addAttribute(body("g", graph(node("inner", "Relu", "x"))))
            .addAttribute(
                attribute("tp", AttributeProto.AttributeType.TYPE_PROTO)
                    .setTp(value("x").getType()));
    GraphProto.Builder graph =
        graph(settings)
            .addInitializer(integers("shape", 2, -3))
            .addInitializer(
                TensorProto.newBuilder()
                    .setName("half")
                    .setDataType(TensorProto.DataType.FLOAT16_VALUE)
                    .addDims(1)
                    .addInt32Data(15360))
            .addInitializer(
                TensorProto.newBuilder()
                    .setName("text")
                    .setDataType(TensorProto.DataType.STRING_VALUE)
                    .addDims(2)
                    .addStringData(ByteString.copyFromUtf8("a"))
                    .addStringData(ByteString.copyFromUtf8("bc")))
            .addSparseInitializer(sparse)
            .addInput(sequenceOfMaps())
            .addOutput(value("settings"))
            .addValueInfo(dimensions());
    return model(graph).toBuilder()
        .setProducerName("test")
        .addMetadataProps(entry("author", "nobody"))
        .addFunctions(
            FunctionProto.newBuilder()
                .setName("Twice")
                .setDomain("com.example")
                .addInput("in")
                .addOutput("out")
                .addNode(node("out", "Add", "in", "in")))
        .build();
  }

  private static ai.onnx.proto.OnnxMl.ValueInfoProto.Builder sequenceOfMaps() {
    TypeProto map =
        TypeProto.newBuilder()
            .setMapType(
                TypeProto.Map.newBuilder()
                    .setKeyType(TensorProto.DataType.STRING_VALUE)
                    .setValueType(
                        TypeProto.newBuilder()
                            .setOptionalType(
                                TypeProto.Optional.newBuilder().setElemType(value("x").getType()))))
            .build();
    return value("maps")
        .setType(
            TypeProto.newBuilder()
                .setSequenceType(TypeProto.Sequence.newBuilder().setElemType(map)));
  }

  private static ai.onnx.proto.OnnxMl.ValueInfoProto.Builder dimensions() {
    return value("between")
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT_VALUE)
                        .setShape(
                            TensorShapeProto.newBuilder()
                                .addDim(dimension().setDimParam("batch"))
                                .addDim(dimension().setDimValue(3))
                                .addDim(dimension().setDimValue(-1))
                                .addDim(dimension()))));
  }

  private static TensorShapeProto.Dimension.Builder dimension() {
    return TensorShapeProto.Dimension.newBuilder();
  }

  private static AttributeProto.Builder attribute(String name, AttributeProto.AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }

  private static StringStringEntryProto.Builder entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value);
  }

  private static byte[] join(OnnxData data, Iterable<ByteRange> ranges) {
    ByteString all = ByteString.EMPTY;
    for (ByteRange range : ranges) {
      byte[] bytes = new byte[(int) range.length()];
      data.read(range.offset(), ByteBuffer.wrap(bytes));
      all = all.concat(ByteString.copyFrom(bytes));
    }
    return all.toByteArray();
  }

  private Path write(ModelProto model) throws IOException {
    return Files.write(folder.resolve("model.onnx"), model.toByteArray());
  }
}
