package io.vivace.optimize.quantize;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Weight;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Factors of channels in half precision: they need not be exact, only the same on both sides. */
final class HalfFactors {
  /** Smallest normal number of half precision, and a number well inside its range. */
  private static final double LOWEST = 0x1p-14;

  private static final double HIGHEST = 0x1p15;
  private static final int FRACTION_BITS = 10;
  private static final int BIAS = 15;

  private HalfFactors() {}

  /** The reciprocals as a tensor; the scales become the reciprocals of what it holds. */
  static Weight inverse(String name, float[] scales) {
    ByteBuffer bytes =
        ByteBuffer.allocate(scales.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < scales.length; i++) {
      double factor = Math.max(LOWEST, Math.min(HIGHEST, 1.0 / scales[i]));
      int exponent = Math.getExponent(factor);
      long fraction = Math.round(Math.scalb(factor, FRACTION_BITS - exponent));
      // A fraction that is rounded up to 2 carries into the exponent.
      long half = ((long) (exponent + BIAS - 1) << FRACTION_BITS) + fraction;
      bytes.putShort((short) half);
      scales[i] = (float) (1 / Math.scalb((double) fraction, exponent - FRACTION_BITS));
    }
    return Weight.of(
        name, OnnxElementType.FLOAT16, Shape.of(scales.length), OnnxContent.of(bytes.array()));
  }
}
