package io.vivace.core.model;

import io.vivace.core.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;

/** A source whose file must have a known digest. */
record VerifiedSource(ModelSource source, Sha256 wanted) implements ModelSource {
  @Override
  public ModelArtifact resolve() {
    ModelArtifact artifact = source.resolve();
    boolean good = false;
    try {
      verify(artifact);
      good = true;
      return artifact;
    } catch (IOException e) {
      throw new ModelLoadException("model from " + source + " cannot be read: " + e, e);
    } finally {
      if (!good) {
        artifact.close();
      }
    }
  }

  private void verify(ModelArtifact artifact) throws IOException {
    if (Files.isDirectory(artifact.delivered())) {
      throw new ModelLoadException(
          "the model from %s is a folder, which has no SHA-256 digest; check its archive instead"
              .formatted(source));
    }
    Sha256 found = Sha256.of(artifact.delivered());
    if (!found.equals(wanted)) {
      throw new ModelLoadException(
          "the model from %s must have SHA-256 %s, but has %s; get the right file or correct the digest"
              .formatted(source, wanted.hex(), found.hex()));
    }
  }

  @Override
  public String toString() {
    return source + ", sha256 " + wanted.hex();
  }
}
