package io.vivace.core.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A file that takes its name in one step, when all of it is written. It may be read by whom any new
 * file may be read by; where it replaces a file, by whom that one may be read by.
 */
public final class WholeFile {
  private WholeFile() {}

  /** What writes the content. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes all of it.
     *
     * @param part where to
     * @throws IOException if it cannot be written
     */
    void write(FileChannel part) throws IOException;
  }

  /**
   * Writes a file.
   *
   * @param target the file; as it was if anything fails
   * @param content what to write
   * @throws IOException if it cannot be written
   */
  public static void write(Path target, Content content) throws IOException {
    Path whole = target.toAbsolutePath();
    Path part = whole.resolveSibling(".vivace-" + UUID.randomUUID() + ".part");
    Set<PosixFilePermission> mode = mode(whole);
    try {
      // Never readable by more than the replaced file, not even on the way.
      FileAttribute<?>[] attributes =
          mode == null
              ? new FileAttribute<?>[0]
              : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)};
      try (FileChannel channel =
          FileChannel.open(
              part, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
        content.write(channel);
      }
      if (mode != null && !mode.equals(mode(part))) {
        Files.setPosixFilePermissions(part, mode); // the mask for new files took some away
      }
      Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      remove(part);
    }
  }

  /**
   * Writes a text in UTF-8, which is on the disk before it takes its name.
   *
   * @param target the file; as it was if anything fails
   * @param text the text
   * @throws IOException if it cannot be written
   */
  public static void write(Path target, String text) throws IOException {
    write(
        target,
        part -> {
          ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
          while (bytes.hasRemaining()) {
            part.write(bytes);
          }
          part.force(true); // a power cut after the move must not leave an empty file
        });
  }

  /** Null where there is no file, or the system knows no such modes. */
  private static @Nullable Set<PosixFilePermission> mode(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    try {
      return view == null ? null : view.readAttributes().permissions();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static void remove(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException ignored) {
      // The cause of the trouble is on its way to the caller already.
    }
  }
}
