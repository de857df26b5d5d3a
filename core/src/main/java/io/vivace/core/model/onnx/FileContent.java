package io.vivace.core.model.onnx;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A stretch of an open file. */
record FileContent(FileChannel channel, ByteRange range) implements OnnxContent {
  @Override
  public long length() {
    return range.length();
  }

  @Override
  public void read(long from, ByteBuffer target) throws IOException {
    if (from < 0 || target.remaining() > range.length() - from) {
      throw new IllegalArgumentException(
          "wanted are %d bytes from byte %d of a content of %d"
              .formatted(target.remaining(), from, range.length()));
    }
    long at = range.offset() + from;
    while (target.hasRemaining()) {
      int read = channel.read(target, at);
      if (read < 0) {
        throw new EOFException("the file ends at byte " + at + "; it changed while it was read");
      }
      at += read;
    }
  }
}
