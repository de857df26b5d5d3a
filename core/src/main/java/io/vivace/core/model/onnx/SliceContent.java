package io.vivace.core.model.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A stretch of another content. */
record SliceContent(OnnxContent whole, ByteRange range) implements OnnxContent {
  static OnnxContent of(OnnxContent whole, ByteRange range) {
    if (range.end() > whole.length()) {
      throw new IllegalArgumentException(
          "wanted are bytes %d to %d of a content of %d"
              .formatted(range.offset(), range.end(), whole.length()));
    }
    return range.length() == whole.length() ? whole : new SliceContent(whole, range);
  }

  @Override
  public long length() {
    return range.length();
  }

  @Override
  public void read(long from, ByteBuffer target) throws IOException {
    whole.read(range.position(from, target.remaining()), target);
  }
}
