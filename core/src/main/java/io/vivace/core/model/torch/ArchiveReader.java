package io.vivace.core.model.torch;

import io.vivace.core.ModelLoadException;
import io.vivace.core.internal.zip.ZipDirectory;
import io.vivace.core.model.onnx.ByteRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** Finds the files of an archive, and checks that each lies within it, apart from the others. */
final class ArchiveReader {
  private static final int HEADER_BYTES = 30;
  private static final int HEADER_MAGIC = 0x04034b50;

  /** No parent folders, no other roots, no characters that systems read in their own way. */
  private static final Pattern FORBIDDEN =
      Pattern.compile("(^|/)\\.\\.?(/|$)|^/|//|\\\\|:|\\p{Cntrl}");

  private final String model;
  private final FileChannel channel;

  private ArchiveReader(String model, FileChannel channel) {
    this.model = model;
    this.channel = channel;
  }

  /** The files by name, in the order in which they lie in the archive. */
  static Map<String, ArchiveEntry> read(String model, Path file, FileChannel channel) {
    try (ZipFile zip = ZipDirectory.open(file)) {
      return new ArchiveReader(model, channel).read(Collections.list(zip.getEntries()));
    } catch (ModelLoadException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // The library throws either on hostile files.
      throw new ModelLoadException(
          "model %s is no zip file that can be read: %s; get the file again".formatted(model, e),
          e);
    }
  }

  private Map<String, ArchiveEntry> read(List<ZipArchiveEntry> found) throws IOException {
    List<ArchiveEntry> entries = new ArrayList<>();
    for (ZipArchiveEntry entry : found) {
      if (!entry.isDirectory()) {
        entries.add(entry(entry));
      }
    }
    entries.sort(Comparator.comparingLong(entry -> entry.bytes().offset()));
    Map<String, ArchiveEntry> byName = new LinkedHashMap<>();
    Set<String> names = new HashSet<>();
    long end = 0;
    for (ArchiveEntry entry : entries) {
      byName.put(entry.name(), entry);
      if (!names.add(entry.name().toLowerCase(Locale.ROOT))) { // PyTorch finds it in any case
        throw damaged(entry.name(), "is there twice, or beside one that differs only in case");
      }
      if (entry.bytes().offset() < end) {
        throw damaged(entry.name(), "lies over another one");
      }
      end = entry.bytes().end();
    }
    return byName;
  }

  private ArchiveEntry entry(ZipArchiveEntry entry) throws IOException {
    String name = entry.getName();
    if (FORBIDDEN.matcher(name).find() || name.isEmpty()) {
      throw damaged(name, "is no plain relative path: no .., no drive, no backslash are allowed");
    }
    int method = entry.getMethod();
    boolean packed = method == ZipEntry.DEFLATED;
    if ((!packed && method != ZipEntry.STORED) || entry.getGeneralPurposeBit().usesEncryption()) {
      throw damaged(name, "is encrypted or packed by an unknown method");
    }
    long length = entry.getCompressedSize();
    if (length < 0 || entry.getSize() < 0 || (!packed && entry.getSize() != length)) {
      throw damaged(name, "states %d bytes in the space of %d".formatted(entry.getSize(), length));
    }
    long offset = offset(name, entry.getLocalHeaderOffset());
    if (offset > channel.size() - length) {
      throw damaged(name, "ends behind the end of the archive");
    }
    return new ArchiveEntry(
        name, packed, (int) entry.getCrc(), entry.getSize(), new ByteRange(offset, length));
  }

  /** Behind the header, whose length is stated there only. */
  private long offset(String name, long header) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    if (header < 0 || header > channel.size() - HEADER_BYTES) {
      throw damaged(name, "points outside the archive");
    }
    while (bytes.hasRemaining() && channel.read(bytes, header + bytes.position()) >= 0) {}
    if (bytes.hasRemaining() || bytes.getInt(0) != HEADER_MAGIC) {
      throw damaged(name, "has no header where it should");
    }
    return header
        + HEADER_BYTES
        + Short.toUnsignedInt(bytes.getShort(26))
        + Short.toUnsignedInt(bytes.getShort(28));
  }

  private ModelLoadException damaged(String name, String reason) {
    return new ModelLoadException(
        "entry \"%s\" of model %s %s; save the model again with torch.jit.save"
            .formatted(name, model, reason));
  }
}
