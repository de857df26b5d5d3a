package io.vivace.optimize.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder of this user alone, for models and their external data; removed at the end. */
public final class TemporaryFolder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TemporaryFolder.class);

  private final Path path;

  private TemporaryFolder(Path path) {
    this.path = path;
  }

  /**
   * Makes a folder.
   *
   * @return the folder; to be closed
   * @throws UncheckedIOException if it cannot be made
   */
  public static TemporaryFolder create() {
    try {
      return new TemporaryFolder(Files.createTempDirectory("vivace-optimize-"));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "a temporary folder cannot be made: " + e + "; see the system property java.io.tmpdir",
          e);
    }
  }

  /**
   * Names a file in the folder.
   *
   * @param name its name
   * @return its path; it is not made
   */
  public Path file(String name) {
    return path.resolve(name);
  }

  /** Never throws: what cannot be removed is logged. */
  @Override
  public void close() {
    if (Files.notExists(path)) {
      return;
    }
    try (Stream<Path> files = Files.list(path)) {
      for (Path file : List.copyOf(files.toList())) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(path);
    } catch (IOException | UncheckedIOException e) {
      log.warn("temporary folder {} cannot be removed: {}", path, e.toString());
    }
  }
}
