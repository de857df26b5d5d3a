package io.vivace.optimize.pack;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Attribute;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** A list of elements of a tensor as codes, and the nodes that look them up. */
final class Codes {
  private final DecoderNodes nodes;
  private final PackedTensor tensor;
  private final String name;
  private final int bits;
  private final boolean coded;

  Codes(DecoderNodes nodes, PackedTensor tensor) {
    this(nodes, tensor, 1);
  }

  /**
   * @param fewestBits codes are not packed more tightly than this
   */
  Codes(DecoderNodes nodes, PackedTensor tensor, int fewestBits) {
    this.nodes = nodes;
    this.tensor = tensor;
    this.name = tensor.weight().name();
    int elementBits = tensor.elementBytes() * Byte.SIZE;
    this.bits = Math.min(elementBits, Math.max(fewestBits, tensor.palette().codeBits()));
    this.coded = bits < elementBits;
  }

  int bits() {
    return bits;
  }

  /** Whether the list holds codes, not the elements themselves. */
  boolean isCoded() {
    return coded;
  }

  private OnnxElementType codeType() {
    return bits == Short.SIZE ? OnnxElementType.UINT16 : OnnxElementType.UINT8;
  }

  /** The palette; its codes are its indices. */
  String values() {
    return nodes.constant(
        name + "_values",
        tensor.weight().type(),
        Shape.of(tensor.palette().size()),
        tensor.palette().values());
  }

  /**
   * Stores elements.
   *
   * @param indices which elements of the tensor; -1 is a zero
   * @return the name of a constant of {@code count} codes or elements of 8 bits or more
   */
  String stored(Shape shape, IntUnaryOperator indices) {
    int count = Math.toIntExact(shape.elements());
    int bytesPerItem = bits / Byte.SIZE;
    byte[] items = new byte[Math.multiplyExact(count, bytesPerItem)];
    ByteBuffer bytes = ByteBuffer.wrap(items).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      Palette.put(bytes, item(indices.applyAsInt(i)), bytesPerItem);
    }
    OnnxElementType type = coded ? codeType() : tensor.weight().type();
    return nodes.constant(name + "_codes", type, shape, items);
  }

  private long item(int index) {
    if (index < 0) {
      return 0;
    }
    return coded ? tensor.code(index) : tensor.pattern(index);
  }

  /**
   * Stores elements and writes down how to get them.
   *
   * @return the name of a flat value of {@code count} elements
   */
  String decoded(int count, IntUnaryOperator indices) {
    if (bits < Byte.SIZE) {
      return planes(count, indices);
    }
    String stored = stored(Shape.of(count), indices);
    return coded ? nodes.lookedUp(values(), nodes.integers(stored)) : stored;
  }

  /** The low bits of all bytes hold the first part of the list, the next bits the next part. */
  private String planes(int count, IntUnaryOperator indices) {
    int planes = Byte.SIZE / bits;
    int length = (count + planes - 1) / planes;
    byte[] packed = new byte[length];
    for (int i = 0; i < count; i++) {
      packed[i % length] |= (byte) (item(indices.applyAsInt(i)) << (i / length * bits));
    }
    String bytes =
        nodes.integers(
            nodes.constant(name + "_codes", OnnxElementType.UINT8, Shape.of(length), packed));
    String values = padded();
    List<String> parts = new ArrayList<>();
    for (int plane = 0; plane < planes; plane++) {
      parts.add(nodes.lookedUp(byteTable(values, plane), bytes));
    }
    String all = nodes.node("Concat", parts, Attribute.of("axis", 0));
    return length * planes == count
        ? all
        : nodes.node("Slice", List.of(all, nodes.longs(0), nodes.longs(count)));
  }

  /** What a byte stands for by one stretch of its bits; folded to 256 elements. */
  String byteTable(String values, int plane) {
    return nodes.lookedUp(values, nodes.integers(nodes.part(bits, plane)));
  }

  /** The palette with as many entries as there are codes, so that no byte is out of range. */
  String padded() {
    byte[] all = new byte[(1 << bits) * tensor.elementBytes()];
    byte[] values = tensor.palette().values();
    System.arraycopy(values, 0, all, 0, values.length);
    return nodes.constant(name + "_values", tensor.weight().type(), Shape.of(1L << bits), all);
  }
}
