package io.vivace.examples.compress;

import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.core.tensor.Float16;
import io.vivace.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Numbers as NumPy wrote them.
 *
 * @param name how messages name it
 * @param type of the elements, as {@code <f4}
 * @param shape the first axis counts samples
 * @param content little-endian
 */
record NumpyArray(String name, String type, List<Long> shape, ByteBuffer content) {
  int samples() {
    return Math.toIntExact(shape.get(0));
  }

  private int width() {
    return content.capacity() / samples();
  }

  private int perSample() {
    return width() / (type.charAt(2) - '0');
  }

  float[] floats(int sample) {
    float[] values = new float[perSample()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) real(sample * values.length + i);
    }
    return values;
  }

  private double real(int at) {
    return switch (type) {
      case "<f2" -> Float16.toFloat(content.getShort(at * Short.BYTES));
      case "<f4" -> content.getFloat(at * Float.BYTES);
      case "<f8" -> content.getDouble(at * Double.BYTES);
      default -> whole(at);
    };
  }

  private long whole(int at) {
    return switch (type) {
      case "|i1" -> content.get(at);
      case "<i4" -> content.getInt(at * Integer.BYTES);
      case "<i8" -> content.getLong(at * Long.BYTES);
      default -> Byte.toUnsignedLong(content.get(at)); // u1 and b1
    };
  }

  /** A sample of the type that the model takes, with a batch axis of 1. */
  Tensor tensor(int sample, OnnxElementType wanted, double divisor) {
    long[] one = shape.stream().mapToLong(Long::longValue).toArray();
    one[0] = 1;
    if (wanted == OnnxElementType.FLOAT) {
      float[] values = floats(sample);
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (values[i] / divisor);
      }
      return Tensor.of(values, one);
    }
    if (type.charAt(1) == 'f'
        || (wanted != OnnxElementType.INT64 && wanted != OnnxElementType.INT32)) {
      throw new IllegalArgumentException(
          "%s is of type %s, which cannot be given to an input of %s; use the library"
              .formatted(name, type, wanted));
    }
    long[] values = new long[perSample()];
    for (int i = 0; i < values.length; i++) {
      values[i] = whole(sample * values.length + i);
    }
    return wanted == OnnxElementType.INT64
        ? Tensor.of(values, one)
        : Tensor.of(java.util.Arrays.stream(values).mapToInt(Math::toIntExact).toArray(), one);
  }
}
