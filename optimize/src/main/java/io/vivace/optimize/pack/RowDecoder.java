package io.vivace.optimize.pack;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.Node;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Stores a table so that only the rows which are looked up are decoded, while the model runs: the
 * table is never there as a whole, which saves the time and the memory of that.
 */
final class RowDecoder {
  private final DecoderNodes nodes;
  private final PackedTensor tensor;
  private final Codes codes;
  private final String name;
  private final int rows;
  private final int width;
  private final PackedTensor.Layout layout;

  /** The stored parts, shared by all nodes that look rows up. */
  private final List<String> stored = new ArrayList<>();

  RowDecoder(DecoderNodes nodes, PackedTensor tensor, PackedTensor.Layout layout) {
    this.nodes = nodes;
    this.tensor = tensor;
    this.name = tensor.weight().name();
    this.rows = (int) tensor.weight().shape().dimension(0);
    this.width = (int) tensor.weight().shape().dimension(1);
    this.layout = layout;
    int bits = tensor.palette().codeBits();
    boolean packs =
        layout == PackedTensor.Layout.DENSE && bits < Byte.SIZE && width % (Byte.SIZE / bits) == 0;
    this.codes = new Codes(nodes, tensor, packs ? 1 : Byte.SIZE);
  }

  /** Writes the nodes once per model that make the constants; they are folded. */
  void store() {
    if (layout == PackedTensor.Layout.MASK) {
      storeMask();
    } else if (codes.bits() < Byte.SIZE) {
      storePlanes();
    } else {
      stored.add(codes.stored(tensor.weight().shape(), i -> i));
      if (codes.isCoded()) {
        stored.add(codes.values());
      }
    }
  }

  /** Writes the nodes that take the place of a {@code Gather}. */
  void lookUp(Node gather) {
    String ids = gather.input(1);
    String flat =
        layout == PackedTensor.Layout.MASK
            ? masked(ids)
            : codes.bits() < Byte.SIZE ? planes(ids) : coded(ids);
    String shape =
        nodes.node(
            "Concat",
            List.of(nodes.node("Shape", List.of(ids)), nodes.longs(width)),
            Attribute.of("axis", 0));
    nodes.end(Node.of("Reshape", gather.name(), List.of(flat, shape), gather.outputs()));
  }

  private String rows(String table, String ids) {
    return nodes.node("Gather", List.of(table, ids), Attribute.of("axis", 0));
  }

  private String coded(String ids) {
    String found = nodes.flat(rows(stored.get(0), ids));
    return codes.isCoded() ? nodes.lookedUp(stored.get(1), nodes.integers(found)) : found;
  }

  /** As {@link Codes} packs a list, but row by row. */
  private void storePlanes() {
    int planes = Byte.SIZE / codes.bits();
    int length = width / planes;
    byte[] packed = new byte[Math.multiplyExact(rows, length)];
    for (int i = 0; i < tensor.count(); i++) {
      int column = i % width;
      packed[i / width * length + column % length] |=
          (byte) (tensor.code(i) << (column / length * codes.bits()));
    }
    stored.add(
        nodes.constant(name + "_codes", OnnxElementType.UINT8, Shape.of(rows, length), packed));
    String values = codes.padded();
    for (int plane = 0; plane < planes; plane++) {
      stored.add(codes.byteTable(values, plane));
    }
  }

  private String planes(String ids) {
    int planes = Byte.SIZE / codes.bits();
    String bytes = nodes.integers(nodes.flat(rows(stored.get(0), ids)));
    List<String> parts = new ArrayList<>();
    for (int plane = 0; plane < planes; plane++) {
      String part = nodes.lookedUp(stored.get(1 + plane), bytes);
      parts.add(nodes.reshaped(part, -1, width / planes));
    }
    return nodes.node("Concat", parts, Attribute.of("axis", 1));
  }

  private void storeMask() {
    byte[] mask = new byte[tensor.count() / Byte.SIZE];
    int[] indices = new int[tensor.nonZeros() + 1];
    indices[0] = -1;
    byte[] rowCounts = new byte[rows * Short.BYTES];
    ByteBuffer counts = ByteBuffer.wrap(rowCounts).order(ByteOrder.LITTLE_ENDIAN);
    int next = 1;
    for (int row = 0; row < rows; row++) {
      int first = next;
      for (int i = row * width; i < (row + 1) * width; i++) {
        if (tensor.pattern(i) != 0) {
          mask[i / Byte.SIZE] |= (byte) (1 << (i % Byte.SIZE));
          indices[next++] = i;
        }
      }
      counts.putShort((short) (next - first));
    }
    stored.add(
        nodes.constant(
            name + "_mask", OnnxElementType.UINT8, Shape.of(rows, width / Byte.SIZE), mask));
    String perRow =
        nodes.constant(name + "_counts", OnnxElementType.UINT16, Shape.of(rows, 1), rowCounts);
    stored.add(
        nodes.node(
            "CumSum",
            List.of(nodes.integers(perRow), nodes.axis(0)),
            Attribute.of("exclusive", 1)));
    stored.add(codes.stored(Shape.of(indices.length), i -> indices[i]));
    if (codes.isCoded()) {
      stored.add(codes.values());
    }
  }

  private String masked(String ids) {
    String bytes = nodes.integers(rows(stored.get(0), ids));
    String bits = nodes.reshaped(rows(nodes.bits(), bytes), -1, width);
    String starts = nodes.reshaped(rows(stored.get(1), ids), -1, 1);
    String ranks =
        nodes.node("Add", List.of(nodes.node("CumSum", List.of(bits, nodes.axis(1))), starts));
    String which = nodes.flat(nodes.node("Mul", List.of(ranks, bits)));
    String found = nodes.lookedUp(stored.get(2), which);
    return codes.isCoded() ? nodes.lookedUp(stored.get(3), nodes.integers(found)) : found;
  }
}
