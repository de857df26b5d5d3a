package io.vivace.engines.onnxruntime;

import io.vivace.core.EngineException;
import io.vivace.core.model.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Direct memory that grows, and serves tensors of many shapes, one at a time. */
final class Slab implements AutoCloseable {
  private static final int MAX_BYTES = Integer.MAX_VALUE - 1024;

  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

  private ByteBuffer memory = NOTHING;

  /** The size of a tensor; as good as infinite where a {@code long} is too short for it. */
  static long bytes(TensorSpec spec) {
    try {
      return Math.multiplyExact(spec.shape().elements(), spec.type().bytes());
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }

  /**
   * Makes room; half as much again as there was at least, since shapes may grow bit by bit.
   *
   * @return true if the memory is a new one; who still uses the old one keeps it
   */
  boolean reserve(long bytes, String what) {
    if (bytes <= memory.capacity()) {
      return false;
    }
    if (bytes > MAX_BYTES) {
      throw new EngineException(what + " needs " + bytes + " bytes; at most 2 GiB are possible");
    }
    long grown = Math.min(MAX_BYTES, Math.max(bytes, memory.capacity() * 3L / 2));
    try {
      memory = DirectMemory.take((int) grown);
    } catch (OutOfMemoryError e) {
      throw new EngineException(
          what
              + " needs "
              + bytes
              + " bytes outside the heap, which are not there. Use a smaller batch, or raise"
              + " -XX:MaxDirectMemorySize.",
          e);
    }
    return true;
  }

  /** The first bytes, as a buffer of their own. */
  ByteBuffer first(long bytes) {
    return memory.slice(0, (int) bytes).order(ByteOrder.nativeOrder());
  }

  /** Gives the memory back. The native tensors over it must be closed before. */
  @Override
  public void close() {
    DirectMemory.give(memory);
    memory = NOTHING;
  }
}
