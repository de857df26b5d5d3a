package io.vivace.core.model.onnx;

import java.nio.ByteBuffer;

/** Bytes in an array. */
final class MemoryContent implements OnnxContent {
  private final byte[] bytes;

  MemoryContent(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The array itself; nobody changes it. */
  byte[] array() {
    return bytes;
  }

  @Override
  public long length() {
    return bytes.length;
  }

  @Override
  public void read(long from, ByteBuffer target) {
    target.put(bytes, Math.toIntExact(from), target.remaining());
  }
}
