package io.vivace.optimize.train.graph;

import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Weight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The elements of a constant: real numbers, or integers. */
final class Values {
  static final Values ZERO = new Values(new double[] {0}, null, new long[] {1});

  private final double @Nullable [] reals;
  private final @Nullable Integers integers;
  private final long[] shape;

  private Values(double @Nullable [] reals, @Nullable Integers integers, long[] shape) {
    this.reals = reals;
    this.integers = integers;
    this.shape = shape;
  }

  static Values of(Weight weight) {
    long[] shape = weight.shape().toArray();
    return switch (weight.type()) {
      case FLOAT, FLOAT16, BFLOAT16 -> {
        float[] floats = weight.floats();
        double[] reals = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
          reals[i] = floats[i];
        }
        yield new Values(reals, null, shape);
      }
      case DOUBLE -> new Values(doubles(weight), null, shape);
      case BOOL -> new Values(null, Integers.logical(weight.longs(), shape), shape);
      case INT4, UINT4 -> new Values(null, Integers.of(nibbles(weight), shape), shape);
      default -> new Values(null, Integers.of(weight.longs(), shape), shape);
    };
  }

  private static double[] doubles(Weight weight) {
    double[] result = new double[Math.toIntExact(weight.shape().elements())];
    bytes(weight).asDoubleBuffer().get(result);
    return result;
  }

  /** Two elements a byte, the first in the low half. */
  private static long[] nibbles(Weight weight) {
    ByteBuffer bytes = bytes(weight);
    long[] result = new long[Math.toIntExact(weight.shape().elements())];
    for (int i = 0; i < result.length; i++) {
      int nibble = (bytes.get(i / 2) >> (i % 2 * 4)) & 0xf;
      result[i] = weight.type() == OnnxElementType.INT4 && nibble >= 8 ? nibble - 16 : nibble;
    }
    return result;
  }

  private static ByteBuffer bytes(Weight weight) {
    try {
      return ByteBuffer.wrap(weight.elements().bytes()).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new UncheckedIOException("tensor " + weight + " cannot be read: " + e, e);
    }
  }

  /** The value of a {@code Constant} node, however it is stated. */
  static Values of(Node node) {
    Optional<Attribute> tensor = node.attribute("value");
    if (tensor.isPresent()) {
      return of(tensor.get().tensor());
    }
    if (node.attribute("value_float").isPresent()) {
      return new Values(new double[] {node.number("value_float", 0)}, null, new long[0]);
    }
    if (node.attribute("value_floats").isPresent()) {
      float[] floats = node.attribute("value_floats").get().numbers();
      double[] reals = new double[floats.length];
      for (int i = 0; i < floats.length; i++) {
        reals[i] = floats[i];
      }
      return new Values(reals, null, new long[] {floats.length});
    }
    if (node.attribute("value_int").isPresent()) {
      return new Values(null, Integers.scalar(node.integer("value_int", 0)), new long[0]);
    }
    if (node.attribute("value_ints").isPresent()) {
      Integers list = Integers.list(node.integers("value_ints"));
      return new Values(null, list, list.shape());
    }
    throw new GraphException("node " + node + " holds a value that is no number");
  }

  boolean isReal() {
    return reals != null;
  }

  double real(int index) {
    return reals()[index];
  }

  double[] reals() {
    if (reals == null) {
      throw new IllegalStateException("the constant holds integers");
    }
    return reals;
  }

  Integers integers() {
    if (integers == null) {
      throw new IllegalStateException("the constant holds real numbers");
    }
    return integers;
  }

  long[] shape() {
    return shape.clone();
  }
}
