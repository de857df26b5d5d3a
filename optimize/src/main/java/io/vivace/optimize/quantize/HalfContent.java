package io.vivace.optimize.quantize;

import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.tensor.Float16;
import io.vivace.optimize.graph.Weight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The elements of a float tensor in half precision, computed while they are read. What is finite
 * stays finite and what is not 0 does not become 0: numbers out of range become the nearest that
 * there is.
 */
final class HalfContent implements OnnxContent {
  /** The largest finite number. */
  static final float LARGEST = 65_504;

  private static final short LARGEST_BITS = 0x7bff;
  private static final int SIGN = 0x8000;
  private static final int MAGNITUDE = 0x7fff;

  private final OnnxContent floats;

  HalfContent(OnnxContent floats) {
    this.floats = floats;
  }

  @Override
  public long length() {
    return floats.length() / 2;
  }

  /** Pieces may start and end within an element. */
  @Override
  public void read(long from, ByteBuffer target) throws IOException {
    long element = from / Short.BYTES;
    int skipped = (int) (from % Short.BYTES);
    ByteBuffer block =
        ByteBuffer.allocate(Floats.BLOCK * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (target.hasRemaining()) {
      int wanted = skipped + target.remaining();
      int count = Math.min(Floats.BLOCK, (wanted + 1) / Short.BYTES);
      float[] values = Floats.ofThread().read(floats, element, count);
      block.clear();
      for (int i = 0; i < count; i++) {
        block.putShort(half(values[i]));
      }
      target.put(block.position(skipped).limit(Math.min(wanted, count * Short.BYTES)));
      element += count;
      skipped = 0;
    }
  }

  static short half(float value) {
    short half = Float16.fromFloat(value);
    int sign = half & SIGN;
    if ((half & MAGNITUDE) == 0 && value != 0) {
      return (short) (sign | 1);
    }
    return (half & MAGNITUDE) > LARGEST_BITS && Float.isFinite(value)
        ? (short) (sign | LARGEST_BITS)
        : half;
  }

  /** The finite number farthest from 0. */
  static float farthest(Weight weight) {
    float farthest = 0;
    long elements = weight.shape().elements();
    try {
      for (long from = 0; from < elements; from += Floats.BLOCK) {
        int count = (int) Math.min(Floats.BLOCK, elements - from);
        float[] values = Floats.ofThread().read(weight.elements(), from, count);
        for (int i = 0; i < count; i++) {
          boolean farther = Float.isFinite(values[i]) && Math.abs(values[i]) > Math.abs(farthest);
          farthest = farther ? values[i] : farthest;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("tensor " + weight + " cannot be read: " + e, e);
    }
    return farthest;
  }
}
