package io.vivace.optimize.quantize;

import io.vivace.core.model.onnx.OnnxContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads single-precision floats block by block through buffers that each thread keeps. */
final class Floats {
  /** So many floats and their bytes stay in a processor's cache. */
  static final int BLOCK = 1 << 15;

  private static final ThreadLocal<Floats> OF_THREAD = ThreadLocal.withInitial(Floats::new);

  private final ByteBuffer bytes =
      ByteBuffer.allocateDirect(BLOCK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final float[] values = new float[BLOCK];

  private Floats() {}

  static Floats ofThread() {
    return OF_THREAD.get();
  }

  /** Reads floats; they are good until the thread reads the next ones. */
  float[] read(OnnxContent content, long from, int count) throws IOException {
    bytes.clear().limit(count * Float.BYTES);
    content.read(from * Float.BYTES, bytes);
    bytes.flip();
    bytes.asFloatBuffer().get(values, 0, count);
    return values;
  }
}
