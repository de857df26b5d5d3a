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
 * gives the same bytes. What does not fit into 32 bits stands in the fields of zip64.
 */
final class ArchiveWriter {
  /** These stand for: see the field of zip64. */
  private static final int ELSEWHERE = 0xffff_ffff;

  private static final int MANY_ELSEWHERE = 0xffff;

  private static final int ALIGNMENT = 64;
  private static final int HEADER_BYTES = 30;
  private static final int LINE_BYTES = 46;
  private static final int END_BYTES = 22;
  private static final int LARGE_END_BYTES = 56;
  private static final int LOCATOR_BYTES = 20;
  private static final short VERSION = 20;
  private static final short LARGE_VERSION = 45;
  private static final short LARGE = 1;
  private static final int UTF8 = 1 << 11;

  /** 1 January 1980. */
  private static final int FIRST_DAY = (1 << 5) | 1;

  /** {@code FB}, as PyTorch names its padding. */
  private static final short PADDING = 0x4246;

  private static final int PIECE = 1 << 20;

  private final long large;
  private final List<OnnxContent> parts = new ArrayList<>();
  private final List<OnnxContent> directory = new ArrayList<>();
  private long position;

  ArchiveWriter() {
    this(Integer.toUnsignedLong(ELSEWHERE));
  }

  /** From which number on those of zip64 are used. */
  ArchiveWriter(long large) {
    this.large = large;
  }

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
    boolean isLarge = Math.max(bytes.length(), plainLength) >= large;
    byte[] sizes = isLarge ? field(plainLength, bytes.length()) : field();
    byte[] padding =
        packed ? field() : padding(position + HEADER_BYTES + text.length + sizes.length);
    byte[] headerBytes = new byte[HEADER_BYTES + text.length + sizes.length + padding.length];
    ByteBuffer header = ordered(headerBytes);
    header.putInt(0x04034b50);
    describe(header, packed, crc, isLarge, bytes.length(), plainLength);
    header.putShort((short) text.length).putShort((short) (sizes.length + padding.length));
    header.put(text).put(sizes).put(padding);
    addLine(text, packed, crc, isLarge, plainLength, bytes.length());
    append(OnnxContent.of(headerBytes));
    append(bytes);
  }

  private void addLine(
      byte[] text, boolean packed, int crc, boolean isLarge, long plainLength, long length) {
    boolean isFar = position >= large;
    byte[] extra;
    if (isLarge) {
      extra = isFar ? field(plainLength, length, position) : field(plainLength, length);
    } else {
      extra = isFar ? field(position) : field();
    }
    byte[] lineBytes = new byte[LINE_BYTES + text.length + extra.length];
    ByteBuffer line = ordered(lineBytes);
    line.putInt(0x02014b50).putShort(isFar ? LARGE_VERSION : VERSION);
    describe(line, packed, crc, isLarge, length, plainLength);
    line.putShort((short) text.length).putShort((short) extra.length).putShort((short) 0);
    line.putShort((short) 0).putShort((short) 0).putInt(0);
    line.putInt(isFar ? ELSEWHERE : (int) position).put(text).put(extra);
    directory.add(OnnxContent.of(lineBytes));
  }

  private static void describe(
      ByteBuffer target, boolean packed, int crc, boolean isLarge, long length, long plainLength) {
    target.putShort(isLarge ? LARGE_VERSION : VERSION).putShort((short) UTF8);
    target.putShort((short) (packed ? 8 : 0)).putShort((short) 0).putShort((short) FIRST_DAY);
    target.putInt(crc).putInt(isLarge ? ELSEWHERE : (int) length);
    target.putInt(isLarge ? ELSEWHERE : (int) plainLength);
  }

  /** Numbers of 64 bits; nothing if there are none. */
  private static byte[] field(long... numbers) {
    if (numbers.length == 0) {
      return new byte[0];
    }
    int bytes = numbers.length * Long.BYTES;
    byte[] fieldBytes = new byte[4 + bytes];
    ByteBuffer field = ordered(fieldBytes).putShort(LARGE).putShort((short) bytes);
    for (long number : numbers) {
      field.putLong(number);
    }
    return fieldBytes;
  }

  /** A field takes at least its own four bytes. */
  private static byte[] padding(long end) {
    int missing = (int) (-end & (ALIGNMENT - 1));
    if (missing == 0) {
      return new byte[0];
    }
    int bytes = missing >= 4 ? missing : missing + ALIGNMENT;
    byte[] padding = new byte[bytes];
    ordered(padding).putShort(PADDING).putShort((short) (bytes - 4));
    return padding;
  }

  private void append(OnnxContent part) {
    parts.add(part);
    position += part.length();
  }

  /** Ends the archive. */
  OnnxContent finish() {
    long start = position;
    directory.forEach(this::append);
    long length = position - start;
    int lines = directory.size();
    boolean isLarge = Math.max(start, length) >= large || lines >= Math.min(large, MANY_ELSEWHERE);
    if (isLarge) {
      append(OnnxContent.of(largeEnd(start, length, lines)));
    }
    byte[] endBytes = new byte[END_BYTES];
    ByteBuffer end = ordered(endBytes).putInt(0x06054b50).putInt(0);
    short count = (short) (isLarge ? MANY_ELSEWHERE : lines);
    end.putShort(count).putShort(count);
    end.putInt(isLarge ? ELSEWHERE : (int) length).putInt(isLarge ? ELSEWHERE : (int) start);
    append(OnnxContent.of(endBytes)); // no comment
    return OnnxContent.concat(parts);
  }

  private byte[] largeEnd(long start, long length, long lines) {
    byte[] endBytes = new byte[LARGE_END_BYTES + LOCATOR_BYTES];
    ByteBuffer end = ordered(endBytes);
    end.putInt(0x06064b50).putLong(LARGE_END_BYTES - 12);
    end.putShort(LARGE_VERSION).putShort(LARGE_VERSION).putInt(0).putInt(0);
    end.putLong(lines).putLong(lines).putLong(length).putLong(start);
    end.putInt(0x07064b50).putInt(0).putLong(position).putInt(1);
    return endBytes;
  }

  private static ByteBuffer ordered(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
