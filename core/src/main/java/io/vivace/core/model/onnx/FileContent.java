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
    long at = range.position(from, target.remaining());
    while (target.hasRemaining()) {
      int read = channel.read(target, at);
      if (read < 0) {
        throw new EOFException("the file ends at byte " + at + "; it changed while it was read");
      }
      at += read;
    }
  }
}
