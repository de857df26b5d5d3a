package io.vivace.optimize.pack;

import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Weight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;

/** A tensor looked at for packing: its elements, how many are not 0, and what each layout costs. */
final class PackedTensor {
  /** How a tensor is stored. */
  enum Layout {
    /** As it is. */
    PLAIN,
    /** A code per element. */
    DENSE,
    /** The codes of what is not 0, and for each the distance from the one before, in a byte. */
    GAPS,
    /** The codes of what is not 0, and a bit per element that says where they are. */
    MASK
  }

  /** Types for which ONNX Runtime has all the kernels. */
  private static final Set<OnnxElementType> TYPES =
      Set.of(
          OnnxElementType.FLOAT,
          OnnxElementType.FLOAT16,
          OnnxElementType.DOUBLE,
          OnnxElementType.INT8,
          OnnxElementType.UINT8,
          OnnxElementType.INT32,
          OnnxElementType.INT64);

  static final int LARGEST_GAP = 255;

  private final Weight weight;
  private final ByteBuffer bytes;
  private final int elementBytes;
  private final int count;
  private final Palette palette;
  private final int nonZeros;
  private final int gapEntries;

  private PackedTensor(Weight weight, byte[] tensor) {
    this.weight = weight;
    this.bytes = ByteBuffer.wrap(tensor).order(ByteOrder.LITTLE_ENDIAN);
    this.elementBytes = weight.type().bits() / Byte.SIZE;
    this.count = tensor.length / elementBytes;
    this.palette = Palette.of(tensor, elementBytes);
    int found = 0;
    int entries = 0;
    int last = 0;
    for (int i = 0; i < count; i++) {
      if (pattern(i) != 0) {
        found++;
        entries += 1 + Math.max(0, i - last - 1) / LARGEST_GAP;
        last = i;
      }
    }
    this.nonZeros = found;
    this.gapEntries = entries;
  }

  static boolean takes(Weight weight) {
    return TYPES.contains(weight.type()) && weight.bytes() < Integer.MAX_VALUE - 8;
  }

  static PackedTensor of(Weight weight) {
    try {
      return new PackedTensor(weight, weight.elements().bytes());
    } catch (IOException e) {
      throw new UncheckedIOException("tensor " + weight + " cannot be read: " + e, e);
    }
  }

  Weight weight() {
    return weight;
  }

  int elementBytes() {
    return elementBytes;
  }

  int count() {
    return count;
  }

  Palette palette() {
    return palette;
  }

  int nonZeros() {
    return nonZeros;
  }

  /** As many as are not 0, and fillers where the next one is far. */
  int gapEntries() {
    return gapEntries;
  }

  long pattern(int index) {
    return Palette.pattern(bytes, index * elementBytes, elementBytes);
  }

  int code(int index) {
    return palette.code(pattern(index));
  }

  /** The layout that takes the fewest bytes. */
  Layout smallest() {
    int bits = palette.codeBits();
    double code = bits / 8.0;
    double values = bits < elementBytes * Byte.SIZE ? (double) palette.size() * elementBytes : 0;
    double plain = (double) count * elementBytes;
    double dense = count * code + values;
    double gaps = palette.hasZero() ? gapEntries * (1 + code) + values : plain;
    double mask = palette.hasZero() ? count / 8.0 + nonZeros * code + values : plain;
    return choose(plain, dense, gaps, mask);
  }

  /** The same for a table of rows that are looked up one by one, which gaps do not allow. */
  Layout smallestOfRows() {
    int bits = palette.codeBits();
    long rows = weight.shape().dimension(0);
    int width = count / Math.max(1, (int) rows);
    double sparse = Math.max(Byte.SIZE, bits) / 8.0;
    boolean coded = bits < elementBytes * Byte.SIZE;
    double values = coded ? (double) palette.size() * elementBytes : 0;
    double plain = (double) count * elementBytes;
    double dense = count * (bits < Byte.SIZE && width % (Byte.SIZE / bits) != 0 ? 1 : bits / 8.0);
    boolean masked = palette.hasZero() && width % Byte.SIZE == 0 && width < 1 << 16;
    double mask = masked ? count / 8.0 + nonZeros * sparse + rows * 2 + values : plain;
    return choose(plain, dense + values, plain, mask);
  }

  private static Layout choose(double plain, double dense, double gaps, double mask) {
    // The nodes that decode take some hundred bytes, too.
    double least = Math.min(plain * 0.9 - 600, Math.min(dense, Math.min(gaps, mask)));
    if (least == dense) {
      return Layout.DENSE;
    }
    if (least == gaps) {
      return Layout.GAPS;
    }
    return least == mask ? Layout.MASK : Layout.PLAIN;
  }
}
