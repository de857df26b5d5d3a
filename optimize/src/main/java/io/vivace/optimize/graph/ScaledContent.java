package io.vivace.optimize.graph;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Floats multiplied by a factor per channel, computed while they are read. */
final class ScaledContent implements OnnxContent {
  private final OnnxContent floats;
  private final float[] scales;

  /** Number of neighbouring bytes of one channel. */
  private final long inner;

  private ScaledContent(OnnxContent floats, float[] scales, long inner) {
    this.floats = floats;
    this.scales = scales;
    this.inner = inner;
  }

  static OnnxContent along(Weight weight, int axis, float[] scales) {
    Shape shape = weight.shape();
    long inner = Float.BYTES;
    for (int i = axis + 1; i < shape.rank(); i++) {
      inner *= shape.dimension(i);
    }
    return new ScaledContent(weight.elements(), scales, Math.max(1, inner));
  }

  @Override
  public long length() {
    return floats.length();
  }

  /** Pieces may start and end within a float. */
  @Override
  public void read(long from, ByteBuffer target) throws IOException {
    long start = from / Float.BYTES * Float.BYTES;
    int skipped = (int) (from - start);
    int wanted = skipped + target.remaining();
    int whole = (wanted + Float.BYTES - 1) / Float.BYTES * Float.BYTES;
    ByteBuffer buffer = ByteBuffer.allocate(whole).order(ByteOrder.LITTLE_ENDIAN);
    floats.read(start, buffer);
    for (int at = 0; at < whole; at += Float.BYTES) {
      int channel = (int) ((start + at) / inner % scales.length);
      buffer.putFloat(at, buffer.getFloat(at) * scales[channel]);
    }
    target.put(buffer.position(skipped).limit(wanted));
  }
}
