package io.vivace.core.model.torch;

import io.vivace.core.model.onnx.OnnxContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Lays out a zip file, as PyTorch wants it: plain bytes start at multiples of 64, by a header field
 * that is nothing but padding. Times are left at the first day there is, so that the same content
 * gives the same bytes.
 */
final class ArchiveWriter {
  private static final long LARGEST = 0xffff_ffffL;
  private static final int MOST_ENTRIES = 0xfffe;
  private static final int ALIGNMENT = 64;
  private static final int HEADER_BYTES = 30;
  private static final int LINE_BYTES = 46;
  private static final int END_BYTES = 22;
  private static final int VERSION = 20;
  private static final int UTF8 = 1 << 11;

  /** 1 January 1980. */
  private static final int FIRST_DAY = (1 << 5) | 1;

  /** {@code FB}, as PyTorch names its padding. */
  private static final short PADDING = 0x4246;

  private static final int PIECE = 1 << 20;

  private final List<OnnxContent> parts = new ArrayList<>();
  private final List<OnnxContent> directory = new ArrayList<>();
  private long position;

  /** Adds bytes as they lie in another archive. */
  void add(ArchiveEntry entry, OnnxContent bytes) {
    add(entry.name(), entry.isPacked(), entry.crc(), entry.plainLength(), bytes);
  }

  /** Adds plain bytes, and reads them once to sum them up. */
  void add(String name, OnnxContent plain) throws IOException {
    add(name, false, crc(plain), plain.length(), plain);
  }

  /** The CRC-32 of a content, read in pieces. */
  static int crc(OnnxContent content) throws IOException {
    CRC32 crc = new CRC32();
    ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, content.length()));
    for (long from = 0; from < content.length(); from += piece.limit()) {
      piece.clear().limit((int) Math.min(PIECE, content.length() - from));
      content.read(from, piece);
      crc.update(piece.flip());
      piece.rewind();
    }
    return (int) crc.getValue();
  }

  private void add(String name, boolean packed, int crc, long plainLength, OnnxContent bytes) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    int padding = packed ? 0 : padding(position + HEADER_BYTES + text.length);
    byte[] headerBytes = new byte[HEADER_BYTES + text.length + padding];
    ByteBuffer header = ordered(headerBytes);
    header.putInt(0x04034b50);
    describe(header, packed, crc, bytes.length(), plainLength);
    header.putShort((short) text.length).putShort((short) padding).put(text);
    if (padding > 0) {
      header.putShort(PADDING).putShort((short) (padding - 4));
    }
    byte[] lineBytes = new byte[LINE_BYTES + text.length];
    ByteBuffer line = ordered(lineBytes);
    line.putInt(0x02014b50).putShort((short) VERSION);
    describe(line, packed, crc, bytes.length(), plainLength);
    line.putShort((short) text.length).putShort((short) 0).putShort((short) 0);
    line.putShort((short) 0).putShort((short) 0).putInt(0).putInt((int) position).put(text);
    directory.add(OnnxContent.of(lineBytes));
    append(OnnxContent.of(headerBytes));
    append(bytes);
  }

  private static void describe(
      ByteBuffer target, boolean packed, int crc, long length, long plainLength) {
    target.putShort((short) VERSION).putShort((short) UTF8).putShort((short) (packed ? 8 : 0));
    target.putShort((short) 0).putShort((short) FIRST_DAY);
    target.putInt(crc).putInt((int) length).putInt((int) plainLength);
  }

  /** A field takes at least its own four bytes. */
  private static int padding(long end) {
    int padding = (int) (-end & (ALIGNMENT - 1));
    return padding == 0 || padding >= 4 ? padding : padding + ALIGNMENT;
  }

  private void append(OnnxContent part) {
    parts.add(part);
    position += part.length();
  }

  /**
   * Ends the archive.
   *
   * @throws IllegalArgumentException if it has 4 GiB or more, or too many files
   */
  OnnxContent finish() {
    long start = position;
    directory.forEach(this::append);
    if (position > LARGEST || directory.size() > MOST_ENTRIES) {
      throw new IllegalArgumentException(
          "the archive would have %,d bytes in %,d files, writable are 4 GiB in %,d"
              .formatted(position, directory.size(), MOST_ENTRIES));
    }
    byte[] endBytes = new byte[END_BYTES];
    ByteBuffer end = ordered(endBytes);
    end.putInt(0x06054b50).putInt(0);
    end.putShort((short) directory.size()).putShort((short) directory.size());
    end.putInt((int) (position - start)).putInt((int) start).putShort((short) 0);
    append(OnnxContent.of(endBytes));
    return OnnxContent.concat(parts);
  }

  private static ByteBuffer ordered(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
