package io.vivace.optimize.pack;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Weight;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Writes down the nodes that decode packed tensors, and the constants that they share. */
final class DecoderNodes {
  private static final int BYTES = 256;

  private final Graph graph;
  private List<Node> nodes = new ArrayList<>();
  private int number;

  DecoderNodes(Graph graph) {
    this.graph = graph;
  }

  /** The nodes written since the last call. */
  List<Node> take() {
    List<Node> taken = nodes;
    nodes = new ArrayList<>();
    return taken;
  }

  String node(String operator, List<String> inputs, Attribute... attributes) {
    String output = graph.freshName("unpacked_" + number++);
    nodes.add(Node.of(operator, "", inputs, List.of(output), attributes));
    return output;
  }

  /** The last node of a decoder, which makes a value that others know by its name. */
  void end(Node node) {
    nodes.add(node);
  }

  String constant(String name, OnnxElementType type, Shape shape, byte[] bytes) {
    String fresh = graph.freshName(name);
    graph.put(Weight.of(fresh, type, shape, OnnxContent.of(bytes)));
    return fresh;
  }

  String integers(String value) {
    return node("Cast", List.of(value), Attribute.of("to", OnnxElementType.INT32.number()));
  }

  String reshaped(String value, long... sizes) {
    return node("Reshape", List.of(value, longs(sizes)));
  }

  String flat(String value) {
    return reshaped(value, -1);
  }

  /** Element by element; much faster than {@code Gather} of single elements. */
  String lookedUp(String table, String flatIndices) {
    return node("GatherElements", List.of(table, flatIndices), Attribute.of("axis", 0));
  }

  /** A constant list of integers, one for all tensors. */
  String longs(long... values) {
    StringBuilder name = new StringBuilder("vivace_sizes");
    for (long value : values) {
      name.append('_').append(value < 0 ? "m" + -value : Long.toString(value));
    }
    graph.put(Weight.ofLongs(name.toString(), Shape.of(values.length), values));
    return name.toString();
  }

  String axis(long axis) {
    String name = "vivace_axis_" + axis;
    graph.put(Weight.ofLongs(name, Shape.of(), axis));
    return name;
  }

  /** For each byte the code that a stretch of its bits holds, the lowest bits first. */
  String part(int bits, int part) {
    String name = "vivace_part_" + bits + "_" + part;
    byte[] codes = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      codes[i] = (byte) ((i >> (part * bits)) & ((1 << bits) - 1));
    }
    graph.put(Weight.of(name, OnnxElementType.UINT8, Shape.of(BYTES), OnnxContent.of(codes)));
    return name;
  }

  /** For each byte its bits, the lowest first. */
  String bits() {
    String name = "vivace_bits";
    byte[] table = new byte[BYTES * Byte.SIZE * Integer.BYTES];
    ByteBuffer bytes = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < BYTES; i++) {
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        bytes.putInt((i >> bit) & 1);
      }
    }
    graph.put(
        Weight.of(name, OnnxElementType.INT32, Shape.of(BYTES, Byte.SIZE), OnnxContent.of(table)));
    return name;
  }
}
