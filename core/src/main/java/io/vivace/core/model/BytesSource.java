package io.vivace.core.model;

import java.io.ByteArrayInputStream;

/** A model in memory, written to a private folder for as long as it is used. */
final class BytesSource implements ModelSource {
  private final String name;
  private final byte[] bytes;

  BytesSource(String name, byte[] bytes) {
    this.name = PrivateFolder.requireFileName(name);
    this.bytes = bytes.clone();
  }

  @Override
  public ModelArtifact resolve() {
    return PrivateFolder.resolve(
        this,
        folder -> {
          folder.write(name, new ByteArrayInputStream(bytes));
          return ModelFiles.at(folder.path().resolve(name));
        });
  }

  @Override
  public String toString() {
    return "%,d bytes \"%s\"".formatted(bytes.length, name);
  }
}
