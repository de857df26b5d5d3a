package io.vivace.examples.compress;

import io.vivace.core.model.ModelSource;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A model named on the command line: a file, or a resource of the class path. */
final class ModelFile {
  private static final String CLASSPATH = "classpath:";

  private ModelFile() {}

  static ModelSource of(String name) {
    if (name.startsWith(CLASSPATH)) {
      return ModelSource.classpath(name.substring(CLASSPATH.length()));
    }
    Path file = Path.of(name);
    if (Files.notExists(file)) {
      String folder = Path.of("").toAbsolutePath().toString();
      throw new UncheckedIOException(
          "model %s does not exist (working folder %s)".formatted(name, folder),
          new NoSuchFileException(name));
    }
    return ModelSource.path(file);
  }
}
