package io.vivace.core.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Opens data that may be compressed, whatever its name says. */
final class DataStreams {
  private static final int FIRST_GZIP_BYTE = 0x1f;
  private static final int SECOND_GZIP_BYTE = 0x8b;
  private static final int BLOCK = 1 << 16;

  private DataStreams() {}

  /** Returns the content, unpacked if it starts as gzip does. */
  static InputStream plain(InputStream in, String name) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in, BLOCK);
    buffered.mark(2);
    boolean gzip = buffered.read() == FIRST_GZIP_BYTE && buffered.read() == SECOND_GZIP_BYTE;
    buffered.reset();
    if (!gzip) {
      return buffered;
    }
    try {
      return new BufferedInputStream(new GZIPInputStream(buffered, BLOCK), BLOCK);
    } catch (ZipException e) {
      throw new MalformedDataException(name + ": starts as gzip but is not: " + e.getMessage(), e);
    }
  }
}
