package io.vivace.core.model;

import static java.nio.file.StandardOpenOption.CREATE_NEW;

import io.vivace.core.internal.zip.ZipDirectory;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * Unpacks one untrusted archive into an empty folder. No link is ever made there, and a file is
 * created only where none is, so that the file system itself finds duplicates, also those that
 * differ only in case where it ignores case.
 */
final class Unpacker {
  /** Model files shrink by 1 to 10, pruned ones by some 50; deflate's utmost is 1,032. */
  private static final long MOST_RATIO = 200;

  private static final long RATIO_FROM = 64L << 20;

  /** The library holds a long name or a PAX header of tar in memory. */
  private static final long MOST_HEADER_BYTES = 1L << 16;

  /** A backslash or a colon is a separator or a drive on some systems. */
  private static final Pattern FORBIDDEN = Pattern.compile("[\\\\:\\p{Cntrl}]|^/|(^|/)\\.\\.(/|$)");

  private static final int MOST_DEPTH = 32;
  private static final int BUFFER = 1 << 16;

  private final Path folder;
  private final int maxEntries;
  private long maxBytes;
  private int entries;
  private long bytes;

  Unpacker(Path folder, long maxBytes, int maxEntries) {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.maxEntries = maxEntries;
  }

  void unpack(Path archive) throws IOException {
    Content content = Files.isDirectory(archive) ? Content.BINARY : Content.of(archive);
    maxBytes = Math.min(maxBytes, Math.max(RATIO_FROM, MOST_RATIO * Files.size(archive)));
    try {
      switch (content) {
        case ZIP -> unzip(archive);
        case TAR -> untar(Files.newInputStream(archive));
        case GZIP -> untar(new GZIPInputStream(Files.newInputStream(archive)));
        default ->
            throw new IOException(
                archive
                    + " holds "
                    + content
                    + ", no archive; zip, tar and tar.gz can be unpacked");
      }
    } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
      throw new IOException("the archive is damaged: " + e, e); // The library throws them too.
    }
  }

  /** Finds where an entry goes, which is always below the folder. */
  static Path target(Path folder, String name) throws IOException {
    if (name.isBlank() || FORBIDDEN.matcher(name).find()) {
      throw new IOException(
          "entry \"%s\" is not a plain relative path: no .., no drive, no backslash are allowed"
              .formatted(name));
    }
    try {
      Path path = folder.resolve(name).normalize();
      if (path.getNameCount() - folder.getNameCount() > MOST_DEPTH) {
        throw new IOException(
            "entry \"%s\" is more than %d folders deep".formatted(name, MOST_DEPTH));
      }
      return path;
    } catch (InvalidPathException e) {
      throw new IOException("entry \"" + name + "\" is no path on this system", e);
    }
  }

  private void unzip(Path archive) throws IOException {
    try (ZipFile zip = ZipDirectory.open(archive)) {
      List<ZipArchiveEntry> all = Collections.list(zip.getEntries());
      for (ZipArchiveEntry entry : all) {
        int type = entry.getUnixMode() & UnixStat.FILE_TYPE_FLAG;
        requirePlain(
            entry.getName(), type == 0 || type == UnixStat.FILE_FLAG || type == UnixStat.DIR_FLAG);
        if (entry.isDirectory()) {
          createFolder(entry.getName());
        } else {
          unzip(zip, entry);
        }
      }
    }
  }

  private void unzip(ZipFile zip, ZipArchiveEntry entry) throws IOException {
    if (!zip.canReadEntryData(entry)) {
      throw new IOException(
          "entry \"" + entry.getName() + "\" is encrypted or packed by an unknown method");
    }
    CRC32 crc = new CRC32();
    try (InputStream content = new CheckedInputStream(zip.getInputStream(entry), crc)) {
      createFile(entry.getName(), content);
    }
    if (crc.getValue() != entry.getCrc()) {
      throw new IOException("entry \"" + entry.getName() + "\" is damaged: its checksum is wrong");
    }
  }

  private void untar(InputStream archive) throws IOException {
    try (LimitedStream limited = new LimitedStream(new BufferedInputStream(archive, BUFFER));
        TarArchiveInputStream tar = new TarArchiveInputStream(limited)) {
      limited.allow(MOST_HEADER_BYTES);
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        limited.allow(Long.MAX_VALUE);
        unpack(tar, entry);
        limited.allow(MOST_HEADER_BYTES);
      }
    }
  }

  private void unpack(TarArchiveInputStream tar, TarArchiveEntry entry) throws IOException {
    byte type = entry.getLinkFlag();
    boolean file = type == TarConstants.LF_NORMAL || type == TarConstants.LF_OLDNORM;
    requirePlain(entry.getName(), (file || entry.isDirectory()) && !entry.isSparse());
    if (!entry.isCheckSumOK()) {
      throw new IOException("entry \"" + entry.getName() + "\" is damaged: its checksum is wrong");
    }
    if (entry.isDirectory()) {
      createFolder(entry.getName());
    } else {
      createFile(entry.getName(), tar);
    }
  }

  private void requirePlain(String name, boolean plain) throws IOException {
    if (!plain) {
      throw new IOException(
          "entry \"" + name + "\" is a link or a device; only files are unpacked");
    }
    if (++entries > maxEntries) {
      throw new IOException("more than %,d entries (maxEntries)".formatted(maxEntries));
    }
  }

  private void createFolder(String name) throws IOException {
    Files.createDirectories(target(folder, name));
  }

  private void createFile(String name, InputStream content) throws IOException {
    Path file = target(folder, name);
    try {
      Files.createDirectories(file.getParent());
      try (OutputStream out = Files.newOutputStream(file, CREATE_NEW)) {
        copy(content, out);
      }
    } catch (FileAlreadyExistsException e) {
      throw new IOException("entry \"" + name + "\" occurs twice, or is a file and a folder", e);
    }
  }

  private void copy(InputStream content, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
      bytes += n;
      if (bytes > maxBytes) {
        throw new IOException(
            "more than %,d bytes (maxBytes, and 200 times the archive's size)".formatted(maxBytes));
      }
      out.write(buffer, 0, n);
    }
  }
}
