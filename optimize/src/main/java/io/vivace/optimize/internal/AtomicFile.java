package io.vivace.optimize.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** A file that is replaced at once when all of it is written. */
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
    Path part = null;
    try {
      // Not createTempFile, whose files only their owner can read.
      part = Files.createFile(whole.resolveSibling(".vivace-" + UUID.randomUUID() + ".part"));
      try (FileChannel file = FileChannel.open(part, StandardOpenOption.WRITE);
          OutputStream out = Channels.newOutputStream(file)) {
        content.write(out);
        file.force(true); // a power cut after the move must not leave an empty file
      }
      Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write %s: %s; it is as it was".formatted(target, e), e);
    } finally {
      remove(part);
    }
  }

  private static void remove(@org.jspecify.annotations.Nullable Path part) {
    try {
      if (part != null) {
        Files.deleteIfExists(part);
      }
    } catch (IOException ignored) {
      // The temporary file stays; the target is what it should be.
    }
  }
}
