package io.vivace.core.model;

import io.vivace.core.ModelLoadException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;

/**
 * A container with an ONNX file in entropy-coded sections, which is untrusted. All numbers are
 * little-endian:
 *
 * <pre>{@code
 * magic    8 bytes  89 56 56 50 0D 0A 1A 0A
 * version  u32      1
 * count    u32      number of sections, at most 2^20
 * length   u64      bytes of the ONNX file
 * check    u32      CRC-32C of the ONNX file
 * count times: method u8 (see SectionMethod), plain length u32 (1 to 2^20), coded length u32
 * check    u32      CRC-32C of all bytes before
 * the coded sections, one after the other, to the end of the file
 * }</pre>
 *
 * <p>The whole header is checked before anything is written: the lengths must sum up, and the ONNX
 * file be at most 64 MiB or 200 times the container.
 */
final class PackedModel {
  /**
   * As Latin-1 text. The first byte is no text, the others show a transfer that changes line ends.
   */
  static final String MAGIC = "\u0089VVP\r\n\u001a\n";

  private static final int VERSION = 1;
  private static final int FIXED = 28;
  private static final int PER_SECTION = 9;
  private static final int MOST_SECTIONS = 1 << 20;
  private static final int LARGEST_SECTION = 1 << 20;
  private static final long MOST_RATIO = 200;
  private static final long RATIO_FROM = 64L << 20;

  private record Section(
      SectionMethod method, long from, int codedLength, long to, int plainLength) {}

  private final Path container;
  private final long length;
  private final int check;
  private final List<Section> sections;

  private PackedModel(Path container, long length, int check, List<Section> sections) {
    this.container = container;
    this.length = length;
    this.check = check;
    this.sections = sections;
  }

  /** Inflates a container to a private folder, which is removed with the artifact. */
  static ModelArtifact inflated(String name, Path container) {
    return PrivateFolder.resolve(
        new PathSource(container),
        folder -> {
          Path model = folder.path().resolve("model.onnx");
          try (FileChannel in = FileChannel.open(container, StandardOpenOption.READ)) {
            PackedModel packed = read(container, in);
            try (FileChannel out =
                FileChannel.open(
                    model,
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE)) {
              packed.inflate(in, out);
            }
          }
          if (Content.of(model) != Content.ONNX) {
            throw damaged(container, "holds no ONNX model");
          }
          return ModelArtifact.of(name, model, ModelFormat.ONNX).deliveredAs(container);
        });
  }

  private static PackedModel read(Path container, FileChannel in) throws IOException {
    long size = in.size();
    ByteBuffer fixed = read(container, in, 0, FIXED);
    int version = fixed.getInt(8);
    long count = Integer.toUnsignedLong(fixed.getInt(12));
    long length = fixed.getLong(16);
    if (version != VERSION) {
      throw damaged(container, "is of version " + version + ", readable is " + VERSION);
    }
    if (count > MOST_SECTIONS || FIXED + count * PER_SECTION + Integer.BYTES > size) {
      throw damaged(container, "states " + count + " sections, which it has no room for");
    }
    if (length < 1 || length > Math.max(RATIO_FROM, MOST_RATIO * size)) {
      throw damaged(
          container,
          "states a model of %,d bytes; allowed are 64 MiB, or %d times its own %,d bytes"
              .formatted(length, MOST_RATIO, size));
    }
    int headerLength = FIXED + (int) count * PER_SECTION;
    ByteBuffer header = read(container, in, 0, headerLength + Integer.BYTES);
    if (header.getInt(headerLength) != crc(header.limit(headerLength).position(0))) {
      throw damaged(container, "has a header that does not fit its checksum");
    }
    List<Section> sections = sections(container, header, (int) count);
    long end = (long) headerLength + Integer.BYTES;
    long sum = 0;
    if (!sections.isEmpty()) {
      Section last = sections.get(sections.size() - 1);
      end = last.from + last.codedLength;
      sum = last.to + last.plainLength;
    }
    if (end != size || sum != length) {
      throw damaged(
          container,
          "states sections of %,d bytes for a model of %,d, and has %,d bytes of %,d"
              .formatted(sum, length, size, end));
    }
    return new PackedModel(container, length, fixed.getInt(24), sections);
  }

  private static List<Section> sections(Path container, ByteBuffer header, int count) {
    List<Section> sections = new ArrayList<>(count);
    long from = FIXED + (long) count * PER_SECTION + Integer.BYTES;
    long to = 0;
    for (int i = 0; i < count; i++) {
      int at = FIXED + i * PER_SECTION;
      int plain = header.getInt(at + 1);
      int coded = header.getInt(at + 5);
      int method = header.get(at);
      if (plain < 1
          || plain > LARGEST_SECTION
          || coded < 0
          || coded > LARGEST_SECTION
          || method < 0
          || method >= SectionMethod.count()) {
        throw damaged(
            container,
            "has section %d of method %d, %d bytes and %d coded; allowed are methods 0 to %d and 1 MiB"
                .formatted(i, method, plain, coded, SectionMethod.count() - 1));
      }
      if (SectionMethod.of(method) == SectionMethod.CONTEXT && count > 1) {
        throw damaged(
            container,
            "has %d sections, of which section %d is of method %d, which must be the only one"
                .formatted(count, i, method));
      }
      sections.add(new Section(SectionMethod.of(method), from, coded, to, plain));
      from += coded;
      to += plain;
    }
    return sections;
  }

  /** Sections do not depend on each other. */
  private void inflate(FileChannel in, FileChannel out) throws IOException {
    try {
      IntStream.range(0, sections.size()).parallel().forEach(i -> inflate(i, in, out));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    CRC32C crc = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocate(LARGEST_SECTION);
    for (long at = 0; at < length; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(LARGEST_SECTION, length - at));
      readFully(container, out, at, buffer);
      crc.update(buffer.flip());
      buffer.flip();
    }
    if ((int) crc.getValue() != check) {
      throw damaged(container, "inflates to a model that does not fit its checksum");
    }
  }

  private void inflate(int number, FileChannel in, FileChannel out) {
    Section section = sections.get(number);
    try {
      byte[] coded = new byte[section.codedLength];
      readFully(container, in, section.from, ByteBuffer.wrap(coded));
      byte[] plain = section.method.inflate(coded, section.plainLength);
      ByteBuffer bytes = ByteBuffer.wrap(plain);
      for (long to = section.to; bytes.hasRemaining(); ) {
        to += out.write(bytes, to);
      }
    } catch (DataFormatException e) {
      throw damaged(container, "has a damaged section " + number + ": " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ByteBuffer read(Path container, FileChannel in, long from, int count)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    readFully(container, in, from, bytes);
    return bytes.flip();
  }

  private static void readFully(Path container, FileChannel in, long from, ByteBuffer target)
      throws IOException {
    for (long at = from; target.hasRemaining(); ) {
      int count = in.read(target, at);
      if (count < 0) {
        throw damaged(container, "is cut off at byte " + at);
      }
      at += count;
    }
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private static ModelLoadException damaged(Path container, String reason) {
    return new ModelLoadException(
        "packed model %s %s; get the file again, or pack the model again"
            .formatted(container, reason));
  }
}
