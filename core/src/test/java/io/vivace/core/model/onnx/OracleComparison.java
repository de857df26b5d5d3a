package io.vivace.core.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.vivace.core.model.Shape;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Compares a skeleton with what protobuf's generated classes read, field by field. */
final class OracleComparison {
  private final OnnxData data;

  OracleComparison(OnnxData data) {
    this.data = data;
  }

  void compare(OnnxModel model, ModelProto oracle) {
    assertThat(model.irVersion()).isEqualTo(oracle.getIrVersion());
    assertThat(model.producer()).isEqualTo(oracle.getProducerName());
    each(
        List.copyOf(model.opsets().entrySet()),
        oracle.getOpsetImportList(),
        (opset, id) -> assertThat(opset).isEqualTo(Map.entry(id.getDomain(), id.getVersion())));
    each(
        List.copyOf(model.metadata().entrySet()),
        oracle.getMetadataPropsList(),
        (entry, prop) -> assertThat(entry).isEqualTo(Map.entry(prop.getKey(), prop.getValue())));
    graph(model.graph(), oracle.getGraph());
    each(
        model.functions(),
        oracle.getFunctionsList(),
        (function, proto) -> {
          assertThat(function.name()).isEqualTo(proto.getName());
          assertThat(function.domain()).isEqualTo(proto.getDomain());
          assertThat(function.inputs()).isEqualTo(proto.getInputList());
          assertThat(function.outputs()).isEqualTo(proto.getOutputList());
          each(function.nodes(), proto.getNodeList(), this::node);
          same(function.bytes(), proto);
        });
  }

  private void graph(OnnxGraph graph, GraphProto oracle) {
    assertThat(graph.name()).isEqualTo(oracle.getName());
    each(graph.nodes(), oracle.getNodeList(), this::node);
    each(graph.initializers(), oracle.getInitializerList(), this::tensor);
    each(graph.sparseInitializers(), oracle.getSparseInitializerList(), this::sparse);
    each(graph.inputs(), oracle.getInputList(), this::value);
    each(graph.outputs(), oracle.getOutputList(), this::value);
    each(graph.values(), oracle.getValueInfoList(), this::value);
    same(graph.bytes(), oracle);
  }

  private void node(OnnxNode node, NodeProto oracle) {
    assertThat(node.name()).isEqualTo(oracle.getName());
    assertThat(node.operator()).isEqualTo(oracle.getOpType());
    assertThat(node.domain()).isEqualTo(oracle.getDomain());
    assertThat(node.inputs()).isEqualTo(oracle.getInputList());
    assertThat(node.outputs()).isEqualTo(oracle.getOutputList());
    each(node.attributes(), oracle.getAttributeList(), this::attribute);
    same(node.bytes(), oracle);
  }

  private void attribute(OnnxAttribute attribute, AttributeProto oracle) {
    assertThat(attribute.name()).isEqualTo(oracle.getName());
    assertThat(attribute.reference()).isEqualTo(oracle.getRefAttrName());
    assertThat(attribute.type()).isEqualTo(oracle.getType().getNumber());
    assertThat(attribute.integer()).isEqualTo(oracle.getI());
    assertThat(attribute.number()).isEqualTo(oracle.getF());
    if (attribute.text() == null) {
      assertThat(oracle.hasS()).isFalse();
    } else {
      assertThat(read(attribute.text())).isEqualTo(oracle.getS());
    }
    assertThat(data.integers(attribute.integers()))
        .isEqualTo(oracle.getIntsList().stream().mapToLong(Long::longValue).toArray());
    assertThat(data.floats(attribute.numbers())).isEqualTo(floats(oracle.getFloatsList()));
    assertThat(attribute.texts().count()).isEqualTo(oracle.getStringsCount());
    each(
        attribute.tensors(),
        oracle.hasT() ? List.of(oracle.getT()) : oracle.getTensorsList(),
        this::tensor);
    each(
        attribute.sparseTensors(),
        oracle.hasSparseTensor()
            ? List.of(oracle.getSparseTensor())
            : oracle.getSparseTensorsList(),
        this::sparse);
    each(
        attribute.graphs(),
        oracle.hasG() ? List.of(oracle.getG()) : oracle.getGraphsList(),
        this::graph);
    same(attribute.bytes(), oracle);
  }

  private void sparse(OnnxSparseTensor tensor, SparseTensorProto oracle) {
    tensor(tensor.values(), oracle.getValues());
    tensor(tensor.indices(), oracle.getIndices());
    assertThat(tensor.shape()).isEqualTo(shape(oracle.getDimsList()));
    same(tensor.bytes(), oracle);
  }

  private void tensor(OnnxTensor tensor, TensorProto oracle) {
    assertThat(tensor.name()).isEqualTo(oracle.getName());
    assertThat(tensor.type().number()).isEqualTo(oracle.getDataType());
    assertThat(tensor.shape()).isEqualTo(shape(oracle.getDimsList()));
    if (tensor.payload() instanceof OnnxPayload.Raw raw) {
      assertThat(read(raw.bytes())).isEqualTo(oracle.getRawData());
    } else if (tensor.payload() instanceof OnnxPayload.Typed typed) {
      typed(typed, oracle);
    }
    same(tensor.bytes(), oracle);
  }

  private void typed(OnnxPayload.Typed typed, TensorProto oracle) {
    assertThat(oracle.hasRawData()).isFalse();
    switch (typed.field()) {
      case 4 ->
          assertThat(data.floats(typed.values())).isEqualTo(floats(oracle.getFloatDataList()));
      case 5 ->
          assertThat(data.integers(typed.values()))
              .isEqualTo(oracle.getInt32DataList().stream().mapToLong(i -> i).toArray());
      case 6 -> assertThat(typed.values().count()).isEqualTo(oracle.getStringDataCount());
      case 7 ->
          assertThat(data.integers(typed.values()))
              .isEqualTo(oracle.getInt64DataList().stream().mapToLong(i -> i).toArray());
      case 10 -> assertThat(typed.values().count()).isEqualTo(oracle.getDoubleDataCount());
      case 11 -> assertThat(typed.values().count()).isEqualTo(oracle.getUint64DataCount());
      default -> throw new AssertionError("field " + typed.field());
    }
  }

  private void value(OnnxValue value, ValueInfoProto oracle) {
    assertThat(value.name()).isEqualTo(oracle.getName());
    type(value.type(), oracle.getType());
    same(value.bytes(), oracle);
  }

  private void type(OnnxType type, TypeProto oracle) {
    if (type instanceof OnnxType.Tensor tensor) {
      TypeProto.Tensor proto = oracle.getTensorType();
      assertThat(tensor.type().number()).isEqualTo(proto.getElemType());
      if (tensor.shape() == null) {
        assertThat(proto.hasShape()).isFalse();
      } else {
        each(tensor.shape(), proto.getShape().getDimList(), OracleComparison::dimension);
      }
    } else if (type instanceof OnnxType.Sequence sequence) {
      type(sequence.element(), oracle.getSequenceType().getElemType());
    } else if (type instanceof OnnxType.Optional optional) {
      type(optional.element(), oracle.getOptionalType().getElemType());
    } else if (type instanceof OnnxType.Map map) {
      assertThat(map.key().number()).isEqualTo(oracle.getMapType().getKeyType());
      type(map.value(), oracle.getMapType().getValueType());
    } else {
      assertThat(oracle.getValueCase()).isEqualTo(TypeProto.ValueCase.VALUE_NOT_SET);
    }
  }

  private static void dimension(OnnxDimension dimension, Dimension oracle) {
    boolean known = oracle.hasDimValue() && oracle.getDimValue() >= 0;
    assertThat(dimension.size()).isEqualTo(known ? oracle.getDimValue() : Shape.ANY);
    assertThat(dimension.symbol()).isEqualTo(oracle.getDimParam());
  }

  /** The range in the file is the message: what it holds parses to the same. */
  private void same(ByteRange range, Message oracle) {
    Parser<? extends Message> parser = oracle.getParserForType();
    try {
      assertThat(parser.parseFrom(read(range))).isEqualTo(oracle);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(range + " is not " + oracle.getDescriptorForType().getName(), e);
    }
  }

  private ByteString read(ByteRange range) {
    byte[] bytes = new byte[(int) range.length()];
    if (bytes.length > 0) {
      data.read(range.offset(), ByteBuffer.wrap(bytes));
    }
    return ByteString.copyFrom(bytes);
  }

  private static Shape shape(List<Long> dims) {
    return Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
  }

  private static float[] floats(List<Float> values) {
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }

  private static <A, B> void each(
      List<A> ours, List<? extends B> theirs, BiConsumer<A, B> compare) {
    assertThat(ours).hasSameSizeAs(theirs);
    for (int i = 0; i < ours.size(); i++) {
      compare.accept(ours.get(i), theirs.get(i));
    }
  }
}
