package io.vivace.core.model;

import java.nio.file.Path;
import java.util.Objects;

/** A file or folder that stays where it is. */
record PathSource(Path path) implements ModelSource {
  PathSource {
    Objects.requireNonNull(path, "path");
  }

  @Override
  public ModelArtifact resolve() {
    return ModelFiles.at(path);
  }

  @Override
  public String toString() {
    return "path " + path;
  }
}
