package io.vivace.optimize.graph;

import io.vivace.core.model.onnx.OnnxContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Floats of which each is a function of another one, computed while they are read. */
final class MappedContent implements OnnxContent {
  private static final int BLOCK = 1 << 13;

  private final OnnxContent floats;
  private final Weight.ElementMap map;

  MappedContent(OnnxContent floats, Weight.ElementMap map) {
    this.floats = floats;
    this.map = map;
  }

  @Override
  public long length() {
    return floats.length();
  }

  @Override
  public void read(long from, ByteBuffer target) throws IOException {
    long first = from / Float.BYTES;
    long end = from + target.remaining();
    ByteBuffer block = ByteBuffer.allocate(BLOCK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (long at = first; at * Float.BYTES < end; at += BLOCK) {
      int count = (int) Math.min(BLOCK, floats.length() / Float.BYTES - at);
      block.clear().limit(count * Float.BYTES);
      floats.read(at * Float.BYTES, block);
      for (int i = 0; i < count; i++) {
        block.putFloat(i * Float.BYTES, map.value(at + i, block.getFloat(i * Float.BYTES)));
      }
      int skipped = (int) Math.max(0, from - at * Float.BYTES);
      int last = (int) Math.min(count * (long) Float.BYTES, end - at * Float.BYTES);
      block.limit(last).position(skipped);
      target.put(block);
    }
  }
}
