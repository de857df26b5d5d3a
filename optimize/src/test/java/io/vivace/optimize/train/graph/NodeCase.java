package io.vivace.optimize.train.graph;

import ai.onnx.proto.OnnxMl;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/**
 * A test of the ONNX project: a model of one node, inputs, and the outputs that its reference
 * implementation gives. The cases are a selection of {@code onnx.backend.test.case.node} of onnx
 * 1.23 (Apache-2.0): those of our operators that take tensors of numbers and are not large.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record NodeCase(
    String name, byte[] model, List<OnnxMl.TensorProto> in, List<OnnxMl.TensorProto> out) {
  /** Reads the committed cases. */
  static List<NodeCase> all() {
    return read("onnx-node-tests.gz");
  }

  /**
   * Each case is a name, the model, and lists of inputs and outputs.
   *
   * @param resource relative to this class, or from the root with a slash before it
   */
  public static List<NodeCase> read(String resource) {
    try (InputStream file =
            Objects.requireNonNull(NodeCase.class.getResourceAsStream(resource), resource);
        DataInputStream data = new DataInputStream(new GZIPInputStream(file))) {
      int count = data.readInt();
      List<NodeCase> cases = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        cases.add(new NodeCase(data.readUTF(), blob(data), tensors(data), tensors(data)));
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] blob(DataInputStream data) throws IOException {
    return data.readNBytes(data.readInt());
  }

  private static List<OnnxMl.TensorProto> tensors(DataInputStream data) throws IOException {
    int count = data.readUnsignedShort();
    List<OnnxMl.TensorProto> tensors = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      tensors.add(OnnxMl.TensorProto.parseFrom(blob(data)));
    }
    return tensors;
  }

  @Override
  public String toString() {
    return name;
  }
}
