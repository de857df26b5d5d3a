package io.vivace.core.internal.zip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * Opens zip files whose directory is of a sane size. The library holds the whole directory in
 * memory, as one object per entry, so a hostile file must not choose how many there are.
 */
public final class ZipDirectory {
  /** Room for some 60,000 entries of usual names. */
  private static final long MOST_BYTES = 8L << 20;

  private static final int END_BYTES = 22;
  private static final int LONGEST_COMMENT = 0xffff;
  private static final int END_MAGIC = 0x06054b50;
  private static final int LOCATOR_BYTES = 20;
  private static final int LOCATOR_MAGIC = 0x07064b50;

  private ZipDirectory() {}

  /**
   * Opens a file.
   *
   * @param file the zip file
   * @return the open file, which the caller closes
   * @throws IOException if it is no zip file, or its directory is damaged or too large
   */
  public static ZipFile open(Path file) throws IOException {
    long size = Files.size(file) - start(file);
    if (size > MOST_BYTES) {
      throw new IOException(
          "the directory of the zip file has %,d bytes, allowed are %,d"
              .formatted(size, MOST_BYTES));
    }
    return ZipFile.builder().setPath(file).setIgnoreLocalFileHeader(true).get();
  }

  /** Finds where the directory starts, from the record at the end of the file. */
  private static long start(Path file) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      long tailAt = Math.max(0, channel.size() - LOCATOR_BYTES - END_BYTES - LONGEST_COMMENT);
      ByteBuffer tail = read(channel, tailAt, (int) (channel.size() - tailAt));
      int end = tail.limit() - END_BYTES;
      while (end >= 0 && tail.getInt(end) != END_MAGIC) {
        end--;
      }
      if (end < 0) {
        throw new IOException("the zip file has no directory: it is cut off");
      }
      int locator = end - LOCATOR_BYTES;
      if (locator < 0 || tail.getInt(locator) != LOCATOR_MAGIC) {
        return Integer.toUnsignedLong(tail.getInt(end + 16));
      }
      return read(channel, tail.getLong(locator + 8) + 48, Long.BYTES).getLong(0);
    }
  }

  private static ByteBuffer read(SeekableByteChannel channel, long position, int count)
      throws IOException {
    if (position < 0 || position > channel.size() - count) {
      throw new IOException("the zip file points outside itself");
    }
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    channel.position(position);
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
    return buffer.flip();
  }
}
