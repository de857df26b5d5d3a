package io.vivace.optimize;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Writes small ONNX files. */
public final class TestGraph {
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("g");
  private final Random random = new Random(11);
  private final long opset;

  public TestGraph(long opset) {
    this.opset = opset;
  }

  public TestGraph input(String name, long... sizes) {
    graph.addInput(value(name, sizes));
    return this;
  }

  public TestGraph output(String name, long... sizes) {
    graph.addOutput(value(name, sizes));
    return this;
  }

  /** Weights from the normal distribution, times 0.5; variances are made positive by the caller. */
  public TestGraph weight(String name, long... sizes) {
    int count = 1;
    for (long size : sizes) {
      count *= (int) size;
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() / 2;
    }
    return floats(name, values, sizes);
  }

  public TestGraph floats(String name, float[] values, long... sizes) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(1);
    for (long size : sizes) {
      tensor.addDims(size);
    }
    for (float value : values) {
      tensor.addFloatData(value);
    }
    graph.addInitializer(tensor);
    return this;
  }

  public TestGraph longs(String name, long... values) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(7);
    tensor.addDims(values.length);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    graph.addInitializer(tensor);
    return this;
  }

  /** Numbers in half precision, given as their bits. */
  public TestGraph halves(String name, int... bits) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(10);
    for (int half : bits) {
      tensor.addInt32Data(half);
    }
    graph.addInitializer(tensor);
    return this;
  }

  public TestGraph scalar(String name, long value) {
    graph.addInitializer(TensorProto.newBuilder().setName(name).setDataType(7).addInt64Data(value));
    return this;
  }

  /**
   * Inputs and outputs are separated by spaces; a dash stands for one that is left out. An
   * attribute may be a graph.
   */
  public TestGraph node(String operator, String inputs, String outputs, Object... attributes) {
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(operator).setName(outputs + "_node");
    for (String input : inputs.isEmpty() ? new String[0] : inputs.split(" ", -1)) {
      node.addInput(input.equals("-") ? "" : input);
    }
    node.addAllOutput(List.of(outputs.split(" ", -1)));
    for (int i = 0; i < attributes.length; i += 2) {
      node.addAttribute(attribute((String) attributes[i], attributes[i + 1]));
    }
    graph.addNode(node);
    return this;
  }

  private static AttributeProto attribute(String name, Object value) {
    AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
    if (value instanceof Integer number) {
      return attribute.setType(AttributeProto.AttributeType.INT).setI(number).build();
    }
    if (value instanceof Float number) {
      return attribute.setType(AttributeProto.AttributeType.FLOAT).setF(number).build();
    }
    if (value instanceof String text) {
      return attribute
          .setType(AttributeProto.AttributeType.STRING)
          .setS(ByteString.copyFromUtf8(text))
          .build();
    }
    if (value instanceof TestGraph body) {
      return attribute.setType(AttributeProto.AttributeType.GRAPH).setG(body.graph).build();
    }
    attribute.setType(AttributeProto.AttributeType.INTS);
    for (long number : (long[]) value) {
      attribute.addInts(number);
    }
    return attribute.build();
  }

  private static ValueInfoProto value(String name, long... sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long size : sizes) {
      TensorShapeProto.Dimension.Builder dimension = TensorShapeProto.Dimension.newBuilder();
      shape.addDim(size < 0 ? dimension.setDimParam("n" + -size) : dimension.setDimValue(size));
    }
    TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(1).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  public Path save(Path file) {
    try {
      return Files.write(
          file,
          ModelProto.newBuilder()
              .setIrVersion(7)
              .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
              .setGraph(graph)
              .build()
              .toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
