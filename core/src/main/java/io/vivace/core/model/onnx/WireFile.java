package io.vivace.core.model.onnx;

import io.vivace.core.ModelLoadException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of protobuf messages, read at 64-bit positions through one small window, so that weights
 * are stepped over and never loaded. Not thread-safe.
 *
 * <p>It is not mapped: a mapped file that shrinks meanwhile ends the JVM, and on Windows a mapping
 * keeps the file locked until it is collected.
 */
final class WireFile implements AutoCloseable {
  private static final int WINDOW_BYTES = 1 << 14;

  private static final int LONGEST_TEXT = 1 << 30;

  /** So many bytes of text cost as much as one object of the skeleton. */
  private static final int TEXT_BYTES_PER_ITEM = 64;

  private final Refusal refusal;
  private final FileChannel channel;
  private final long size;
  private final long itemLimit;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES);
  private long windowStart;
  private int windowLength;
  private long items;

  private WireFile(Refusal refusal, FileChannel channel, long itemLimit) throws IOException {
    this.refusal = refusal;
    this.channel = channel;
    this.size = channel.size();
    this.itemLimit = itemLimit;
  }

  static WireFile open(String model, Path path, long itemLimit) {
    Refusal refusal = new Refusal(model);
    FileChannel channel;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
    } catch (IOException e) {
      throw refusal.unreadable(e);
    }
    try {
      return new WireFile(refusal, channel, itemLimit);
    } catch (IOException e) {
      throw refusal.unreadable(e);
    }
  }

  String model() {
    return refusal.model();
  }

  long size() {
    return size;
  }

  /** Counts objects of the skeleton, against files that would fill the heap. */
  void charge(long more) {
    items += more;
    if (items > itemLimit) {
      throw refuse(
          ("has more than %d messages, names and other parts beside its weights; raise"
                  + " OnnxLimits.parts if the file is trusted")
              .formatted(itemLimit));
    }
  }

  ModelLoadException refuse(String problem) {
    return refusal.because(problem);
  }

  /** Returns the byte at a position of the file, 0 to 255. */
  int byteAt(long position) {
    long index = position - windowStart;
    if (index < 0 || index >= windowLength) {
      fillWindow(position);
      index = position - windowStart;
    }
    return window.get((int) index) & 0xFF;
  }

  private void fillWindow(long position) {
    window.clear().limit((int) Math.min(WINDOW_BYTES, Math.max(1, size - position)));
    // Nothing is in the window if the read fails.
    windowLength = 0;
    readFully(position, window);
    windowStart = position;
    windowLength = window.limit();
  }

  /** Fills the rest of the target with the bytes from a position on. */
  void readFully(long position, ByteBuffer target) {
    long at = position;
    try {
      while (target.hasRemaining()) {
        int read = channel.read(target, at);
        if (read < 0) {
          throw new EOFException("the file ends at byte " + at);
        }
        at += read;
      }
    } catch (IOException e) {
      throw refusal.unreadable(e);
    }
  }

  String text(ByteRange range) {
    if (range.length() == 0) {
      return "";
    }
    charge(range.length() / TEXT_BYTES_PER_ITEM);
    if (range.length() > LONGEST_TEXT) {
      throw refuse(
          "has a text of %d bytes, allowed are %d".formatted(range.length(), LONGEST_TEXT));
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes(range)).toString();
    } catch (CharacterCodingException e) {
      throw refuse("has text that is not UTF-8 at byte %d".formatted(range.offset()));
    }
  }

  /** The bytes of a range: a slice of the window where they fit, which saves most reads. */
  private ByteBuffer bytes(ByteRange range) {
    int length = (int) range.length();
    if (length > WINDOW_BYTES) {
      ByteBuffer bytes = ByteBuffer.allocate(length);
      readFully(range.offset(), bytes);
      return bytes.flip();
    }
    if (range.offset() < windowStart || range.end() > windowStart + windowLength) {
      fillWindow(range.offset());
    }
    return window.slice((int) (range.offset() - windowStart), length);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw refusal.unreadable(e);
    }
  }
}
