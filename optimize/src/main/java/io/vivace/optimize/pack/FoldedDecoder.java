package io.vivace.optimize.pack;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Weight;
import java.util.Arrays;
import java.util.List;

/**
 * Stores a tensor so that constants alone lead to it: engines compute it once, when they load the
 * model, and then run at the speed of the plain one.
 */
final class FoldedDecoder {
  private final DecoderNodes nodes;
  private final PackedTensor tensor;
  private final Codes codes;
  private final String name;

  FoldedDecoder(DecoderNodes nodes, PackedTensor tensor) {
    this.nodes = nodes;
    this.tensor = tensor;
    this.codes = new Codes(nodes, tensor);
    this.name = tensor.weight().name();
  }

  void write(PackedTensor.Layout layout) {
    String flat =
        switch (layout) {
          case DENSE -> codes.decoded(tensor.count(), i -> i);
          case GAPS -> gaps();
          case MASK -> mask();
          case PLAIN -> throw new IllegalArgumentException("a plain tensor is not packed");
        };
    String shape = nodes.longs(tensor.weight().shape().toArray());
    nodes.end(Node.of("Reshape", "", List.of(flat, shape), List.of(name)));
  }

  private String gaps() {
    int entries = tensor.gapEntries();
    byte[] gaps = new byte[entries];
    int[] indices = new int[entries];
    int next = 0;
    int last = 0;
    for (int i = 0; i < tensor.count(); i++) {
      if (tensor.pattern(i) == 0) {
        continue;
      }
      // A filler is a zero that is stated, a byte's reach from the element before.
      for (; i - last > PackedTensor.LARGEST_GAP; next++) {
        last += PackedTensor.LARGEST_GAP;
        gaps[next] = (byte) PackedTensor.LARGEST_GAP;
        indices[next] = last;
      }
      gaps[next] = (byte) (i - last);
      indices[next++] = i;
      last = i;
    }
    String stored = nodes.constant(name + "_gaps", OnnxElementType.UINT8, Shape.of(entries), gaps);
    String positions = nodes.node("CumSum", List.of(nodes.integers(stored), nodes.axis(0)));
    String values = codes.decoded(entries, i -> indices[i]);
    return nodes.node(
        "ScatterElements", List.of(zeros(), positions, values), Attribute.of("axis", 0));
  }

  private String zeros() {
    OnnxElementType type = tensor.weight().type();
    Weight zero = Weight.of("", type, Shape.of(1), OnnxContent.of(new byte[tensor.elementBytes()]));
    return nodes.node(
        "ConstantOfShape", List.of(nodes.longs(tensor.count())), Attribute.of("value", zero));
  }

  private String mask() {
    int length = (tensor.count() + Byte.SIZE - 1) / Byte.SIZE;
    byte[] mask = new byte[length];
    int[] indices = new int[tensor.nonZeros() + 1];
    Arrays.fill(indices, -1);
    int next = 1;
    for (int i = 0; i < tensor.count(); i++) {
      if (tensor.pattern(i) != 0) {
        mask[i / Byte.SIZE] |= (byte) (1 << (i % Byte.SIZE));
        indices[next++] = i;
      }
    }
    String stored = nodes.constant(name + "_mask", OnnxElementType.UINT8, Shape.of(length), mask);
    String bits =
        nodes.flat(
            nodes.node(
                "Gather", List.of(nodes.bits(), nodes.integers(stored)), Attribute.of("axis", 0)));
    String ranks = nodes.node("CumSum", List.of(bits, nodes.axis(0)));
    String which = nodes.node("Mul", List.of(ranks, bits));
    String all = nodes.lookedUp(codes.decoded(indices.length, i -> indices[i]), which);
    return length * Byte.SIZE == tensor.count()
        ? all
        : nodes.node("Slice", List.of(all, nodes.longs(0), nodes.longs(tensor.count())));
  }
}
