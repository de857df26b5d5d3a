package io.vivace.optimize;

import io.vivace.optimize.internal.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder beside the target, where the result lies until it is known to be good. */
final class OutputFolder implements AutoCloseable {
  private final Path target;
  private final Path folder;

  private OutputFolder(Path target, Path folder) {
    this.target = target;
    this.folder = folder;
  }

  static OutputFolder beside(Path target) {
    Path absolute = target.toAbsolutePath();
    try {
      return new OutputFolder(
          absolute, Files.createTempDirectory(absolute.resolveSibling(""), ".vivace-"));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write %s: %s; give a file in a folder that exists and can be written"
              .formatted(target, e),
          e);
    }
  }

  Path file() {
    return folder.resolve(target.getFileName());
  }

  long bytes() {
    try (Stream<Path> files = Files.list(folder)) {
      long sum = 0;
      for (Path file : files.toList()) {
        sum += Files.size(file);
      }
      return sum;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder + ": " + e, e);
    }
  }

  /** Moves the files to the target's place, the model last. */
  void publish() {
    try {
      for (Path file : filesBesideModel()) {
        AtomicFile.replace(file, target.resolveSibling(file.getFileName()));
      }
      AtomicFile.replace(file(), target);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + target + ": " + e, e);
    }
  }

  private List<Path> filesBesideModel() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> !file.equals(file())).toList();
    }
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the temporary folder " + folder + ": " + e, e);
    }
  }
}
