package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Weight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Puts trained weights in the places of those that the graph had. */
final class WrittenWeights {
  private WrittenWeights() {}

  /**
   * A weight that is still the same, bit for bit, is left as it is. Else its zeros are written as
   * positive ones: a mask makes -0.0 of a negative weight, and packing would keep that as a value.
   */
  static void put(Graph graph, Weight original, NDArray array) {
    if (Arrays.equals(bytes(original.type(), array), bytes(original))) {
      return;
    }
    byte[] bytes = bytes(original.type(), array.add(0f));
    put(
        graph,
        Weight.of(original.name(), original.type(), original.shape(), OnnxContent.of(bytes)));
  }

  /** An initializer stays one, and so does the value of a {@code Constant} node. */
  static void put(Graph graph, Weight weight) {
    for (Node node : graph.nodes()) {
      if (node.is("Constant") && node.outputs().contains(weight.name())) {
        node.removeAttribute("value_float");
        node.removeAttribute("value_floats");
        node.attribute(Attribute.of("value", weight));
        return;
      }
    }
    graph.put(weight);
  }

  private static byte[] bytes(OnnxElementType type, NDArray array) {
    if (type == OnnxElementType.DOUBLE) {
      double[] doubles = array.toType(DataType.FLOAT64, false).toDoubleArray();
      byte[] bytes = new byte[doubles.length * Double.BYTES];
      little(bytes).asDoubleBuffer().put(doubles);
      return bytes;
    }
    float[] floats = array.toType(DataType.FLOAT32, false).toFloatArray();
    byte[] bytes = new byte[floats.length * Float.BYTES];
    little(bytes).asFloatBuffer().put(floats);
    return bytes;
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] bytes(Weight weight) {
    try {
      return weight.elements().bytes();
    } catch (IOException e) {
      throw new UncheckedIOException("tensor " + weight + " cannot be read: " + e, e);
    }
  }
}
