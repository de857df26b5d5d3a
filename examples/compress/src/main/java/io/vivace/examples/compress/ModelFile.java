package io.vivace.examples.compress;

import io.vivace.core.model.ModelSource;
import java.nio.file.Path;

/** A model named on the command line: a file, or a resource of the class path. */
final class ModelFile {
  private static final String CLASSPATH = "classpath:";

  private ModelFile() {}

  static ModelSource of(String name) {
    return name.startsWith(CLASSPATH)
        ? ModelSource.classpath(name.substring(CLASSPATH.length()))
        : ModelSource.path(Path.of(name));
  }
}
