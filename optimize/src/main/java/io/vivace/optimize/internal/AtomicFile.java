package io.vivace.optimize.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
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
 * A file that is replaced at once when all of it is written. It may be read by whom any new file
 * may be read by; where it replaces a file, by whom that one may be read by.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** What writes the content. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes all of it.
     *
     * @param out where to
     * @throws IOException if it cannot be written
     */
    void write(OutputStream out) throws IOException;
  }

  /**
   * Writes a file.
   *
   * @param target the file; as it was if anything fails
   * @param content what to write
   * @throws UncheckedIOException if it cannot be written, as where the disk is full
   */
  public static void write(Path target, Content content) {
    Path whole = target.toAbsolutePath();
    Path part = whole.resolveSibling(".vivace-" + UUID.randomUUID() + ".part");
    try {
      try (FileChannel file = create(part, mode(whole));
          OutputStream out = Channels.newOutputStream(file)) {
        content.write(out);
        file.force(true); // a power cut after the move must not leave an empty file
      }
      replace(part, whole);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write %s: %s; it is as it was".formatted(target, e), e);
    } finally {
      remove(part);
    }
  }

  /**
   * Gives a finished file another's place, and its mode where the system has them.
   *
   * @param part the finished file, on the same disk
   * @param target the place; there may be no file
   * @throws IOException if it cannot be moved
   */
  public static void replace(Path part, Path target) throws IOException {
    Set<PosixFilePermission> mode = mode(target);
    if (mode != null && !mode.equals(mode(part))) {
      Files.setPosixFilePermissions(part, mode);
    }
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Never readable by more than the replaced file, not even on the way. */
  private static FileChannel create(Path part, @Nullable Set<PosixFilePermission> mode)
      throws IOException {
    FileAttribute<?>[] attributes =
        mode == null
            ? new FileAttribute<?>[0]
            : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)};
    return FileChannel.open(
        part, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes);
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
      // The temporary file stays; the target is what it should be.
    }
  }
}
