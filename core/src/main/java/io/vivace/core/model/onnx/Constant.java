package io.vivace.core.model.onnx;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a constant: its shape, and the values where they may state another's shape.
 *
 * @param sizes the size along each axis
 * @param type the element type
 * @param values the values of a short tensor of integers, else null
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Constant(long[] sizes, OnnxElementType type, long @Nullable [] values) {
  /** More than any shape has axes. */
  static final int MOST_VALUES = 256;

  static Constant integers(long... values) {
    return new Constant(new long[] {values.length}, OnnxElementType.INT64, values);
  }

  Constant scalar() {
    return new Constant(new long[0], type, values);
  }

  /** The integers of an attribute. */
  static Constant read(WireFile file, FieldValues integers) {
    long[] sizes = {integers.count()};
    if (integers.count() > MOST_VALUES) {
      return new Constant(sizes, OnnxElementType.INT64, null);
    }
    return integers(next(new FieldValues.Numbers(file, integers)::next, integers.count()));
  }

  static long @Nullable [] values(WireFile file, OnnxTensor tensor) {
    long elements = tensor.shape().elements();
    boolean integers =
        tensor.type() == OnnxElementType.INT64 || tensor.type() == OnnxElementType.INT32;
    if (!integers || elements > MOST_VALUES || tensor.payload() instanceof OnnxPayload.External) {
      return null;
    }
    return next(IntegerValues.of(file, tensor), elements);
  }

  private static long[] next(LongSupplier source, long count) {
    return java.util.stream.LongStream.generate(source).limit(count).toArray();
  }

  /** The number of elements, or {@code Long.MAX_VALUE} if it is more. */
  long elements() {
    return product(sizes);
  }

  /** The size in memory, or {@code Long.MAX_VALUE} if it is more; a text counts as 32 bytes. */
  long bytes() {
    int bits = type.bits() == 0 ? 256 : type.bits();
    long elements = elements();
    return elements > Long.MAX_VALUE / bits ? Long.MAX_VALUE : elements * bits / Byte.SIZE;
  }

  static long product(long[] sizes) {
    long product = 1;
    for (long size : sizes) {
      if (size == 0) {
        return 0;
      }
      product =
          Math.multiplyHigh(product, size) != 0 || product * size < 0
              ? Long.MAX_VALUE
              : product * size;
    }
    return product;
  }

  static long saturatedSum(long a, long b) {
    return a + b < 0 ? Long.MAX_VALUE : a + b;
  }
}
