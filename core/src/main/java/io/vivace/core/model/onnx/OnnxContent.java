package io.vivace.core.model.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;

/**
 * Bytes of known length that are read piece by piece, wherever they come from: a stretch of a file,
 * memory, or a computation over other contents. Weights of any size pass through small buffers this
 * way.
 *
 * <p>Implementations must be thread-safe and give the same bytes each time: pieces are asked for in
 * any order and by several threads at once.
 */
public interface OnnxContent {
  /**
   * Returns the number of bytes.
   *
   * @return at least 0
   */
  long length();

  /**
   * Reads a piece.
   *
   * @param from position of the first byte, from 0
   * @param target filled from its position to its limit; the piece must lie within the content
   * @throws IOException if the bytes cannot be read
   */
  void read(long from, ByteBuffer target) throws IOException;

  /**
   * Reads all bytes into memory.
   *
   * @return the bytes
   * @throws IOException if the bytes cannot be read
   * @throws IllegalStateException if they are more than an array holds
   */
  default byte[] bytes() throws IOException {
    if (length() > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException(
          "wanted in one array are %,d bytes, allowed are %,d; read them in pieces"
              .formatted(length(), Integer.MAX_VALUE - 8));
    }
    byte[] all = new byte[(int) length()];
    read(0, ByteBuffer.wrap(all));
    return all;
  }

  /**
   * Wraps bytes in memory.
   *
   * @param bytes the bytes, not copied: they must not change any more
   * @return the content
   */
  static OnnxContent of(byte[] bytes) {
    return new MemoryContent(bytes);
  }

  /**
   * Puts contents one after the other.
   *
   * @param parts the parts, in order; may be empty
   * @return one content of the sum of their lengths
   */
  static OnnxContent concat(List<? extends OnnxContent> parts) {
    return ConcatContent.of(parts);
  }

  /**
   * Reads from an open file.
   *
   * @param channel the file, open for as long as the content is read
   * @param range which bytes; they must be there
   * @return the content
   */
  static OnnxContent of(FileChannel channel, ByteRange range) {
    return new FileContent(channel, range);
  }

  /**
   * Takes a stretch of another content.
   *
   * @param range which bytes
   * @return the content
   * @throws IllegalArgumentException if the range ends behind this content
   */
  default OnnxContent slice(ByteRange range) {
    return SliceContent.of(this, range);
  }
}
