package io.vivace.optimize.share;

import io.vivace.core.model.onnx.OnnxContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Floats of which each is the nearest one of its codebook, computed while they are read. */
final class SharedContent implements OnnxContent {
  private static final int BLOCK = 1 << 13;

  private final OnnxContent floats;
  private final List<Codebook> books;
  private final long inner;

  /**
   * @param inner how many neighbouring floats share a codebook; the codebooks repeat in turn
   */
  SharedContent(OnnxContent floats, List<Codebook> books, long inner) {
    this.floats = floats;
    this.books = books;
    this.inner = Math.max(1, inner);
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
        Codebook book = books.get((int) ((at + i) / inner % books.size()));
        block.putFloat(i * Float.BYTES, book.value(book.code(block.getFloat(i * Float.BYTES))));
      }
      int skipped = (int) Math.max(0, from - at * Float.BYTES);
      int last = (int) Math.min(count * (long) Float.BYTES, end - at * Float.BYTES);
      block.limit(last).position(skipped);
      target.put(block);
    }
  }
}
