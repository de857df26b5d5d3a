package io.vivace.engines.onnxruntime;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;

/**
 * Direct buffers, used again after the contexts that had them are closed.
 *
 * <p>The JVM frees direct memory only when its garbage collector finds the buffer, so a process
 * that loads and closes models would grow meanwhile. Some idle buffers are kept, the rest is left
 * to the collector.
 */
final class DirectMemory {
  /** What vector instructions like best: a cache line. */
  private static final int ALIGNMENT = 64;

  private static final long MAX_IDLE_BYTES = 16L << 20;

  private static final TreeMap<Integer, ArrayDeque<ByteBuffer>> IDLE = new TreeMap<>();
  private static long idleBytes;

  private DirectMemory() {}

  /**
   * Takes a buffer.
   *
   * @return an aligned buffer of at least this many bytes, and at most twice as many; what it holds
   *     is undefined
   * @throws OutOfMemoryError if there is not so much memory
   */
  static ByteBuffer take(int bytes) {
    synchronized (IDLE) {
      Map.Entry<Integer, ArrayDeque<ByteBuffer>> fit = IDLE.ceilingEntry(bytes);
      if (fit != null && fit.getKey() / 2 <= bytes) {
        ByteBuffer buffer = fit.getValue().pop();
        if (fit.getValue().isEmpty()) {
          IDLE.remove(fit.getKey());
        }
        idleBytes -= buffer.capacity();
        return buffer;
      }
    }
    ByteBuffer raw = ByteBuffer.allocateDirect(bytes + ALIGNMENT);
    return raw.slice(ALIGNMENT - raw.alignmentOffset(0, ALIGNMENT), bytes);
  }

  /** Takes a buffer back, which nobody must use from now on. */
  static void give(ByteBuffer buffer) {
    synchronized (IDLE) {
      if (buffer.capacity() > 0 && idleBytes + buffer.capacity() <= MAX_IDLE_BYTES) {
        IDLE.computeIfAbsent(buffer.capacity(), size -> new ArrayDeque<>()).push(buffer);
        idleBytes += buffer.capacity();
      }
    }
  }
}
