package io.vivace.evaluate.latency;

import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelSource;
import io.vivace.evaluate.Candidate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The bytes of a model's file, packed as it may be, or of the files of its folder. */
final class ModelSize {
  private ModelSize() {}

  static double of(Candidate<?, ?> candidate) {
    return candidate.source().map(ModelSize::of).orElse(Double.NaN);
  }

  private static double of(ModelSource source) {
    try (ModelArtifact artifact = source.resolve();
        Stream<Path> files = Files.walk(artifact.delivered())) {
      long bytes = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
      return bytes;
    } catch (IOException e) {
      throw new ModelLoadException("cannot read " + source + " for its size: " + e.getMessage(), e);
    }
  }
}
