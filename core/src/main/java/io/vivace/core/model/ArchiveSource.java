package io.vivace.core.model;

import io.vivace.core.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A model packed in a zip, tar or tar.gz archive, told by its content. Immutable.
 *
 * <p>Resolving unpacks the whole archive to a private temporary folder, which is removed when the
 * artifact is closed, and finds the model there as {@link ModelSource#path} does. ONNX external
 * data packed beside the model is found.
 *
 * <p>An archive is refused, and nothing of it stays, if an entry would leave the folder, is a link
 * or a device, occurs twice or is encrypted; if it is damaged; or if it exceeds the limits: {@link
 * #maxEntries}, {@link #maxBytes}, and 200 times its own size once it has unpacked to 64 MiB. A
 * TorchScript file, itself a zip, is no archive.
 */
public final class ArchiveSource implements ModelSource {
  private static final long DEFAULT_MAX_BYTES = 8L << 30;
  private static final int DEFAULT_MAX_ENTRIES = 10_000;

  private final ModelSource packed;
  private final @Nullable String entry;
  private final long maxBytes;
  private final int maxEntries;

  private ArchiveSource(ModelSource packed, @Nullable String entry, long maxBytes, int maxEntries) {
    this.packed = packed;
    this.entry = entry;
    this.maxBytes = maxBytes;
    this.maxEntries = maxEntries;
  }

  static ArchiveSource of(ModelSource packed) {
    return new ArchiveSource(
        Objects.requireNonNull(packed, "packed"), null, DEFAULT_MAX_BYTES, DEFAULT_MAX_ENTRIES);
  }

  /**
   * Names the model in the archive. Default: the one ONNX or TorchScript file, or, where there is
   * neither, the whole folder.
   *
   * @param path the path of a file or folder in the archive, for example {@code onnx/model.onnx}
   * @return a changed copy
   * @throws IllegalArgumentException if the path leaves the archive
   */
  public ArchiveSource entry(String path) {
    try {
      Unpacker.target(Path.of(""), path);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return new ArchiveSource(packed, path, maxBytes, maxEntries);
  }

  /**
   * Limits the size of all unpacked files together. Default: 8 GiB.
   *
   * @param bytes the most bytes, at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if {@code bytes} is below 1
   */
  public ArchiveSource maxBytes(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("maxBytes must be at least 1, but was " + bytes);
    }
    return new ArchiveSource(packed, entry, bytes, maxEntries);
  }

  /**
   * Limits the number of files and folders in the archive. Default: 10,000.
   *
   * @param entries the most entries, at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if {@code entries} is below 1
   */
  public ArchiveSource maxEntries(int entries) {
    if (entries < 1) {
      throw new IllegalArgumentException("maxEntries must be at least 1, but was " + entries);
    }
    return new ArchiveSource(packed, entry, maxBytes, entries);
  }

  @Override
  public ModelArtifact resolve() {
    return PrivateFolder.resolve(this, this::fill);
  }

  private ModelArtifact fill(PrivateFolder folder) throws IOException {
    Path root = folder.path();
    try (ModelArtifact archive = packed.resolve()) {
      new Unpacker(root, maxBytes, maxEntries).unpack(archive.path());
      ModelArtifact model = ModelFiles.at(entry == null ? root : find(root, entry));
      return model.path().equals(root) ? model.renamed(archive.name()) : model;
    }
  }

  private Path find(Path root, String name) throws IOException {
    Path path = Unpacker.target(root, name);
    if (!Files.exists(path)) {
      throw new ModelLoadException(
          "no entry \"%s\" in the archive from %s; found: %s"
              .formatted(name, packed, ModelFiles.listing(root)));
    }
    return path;
  }

  @Override
  public String toString() {
    return "archive (entry %s, maxBytes %,d, maxEntries %,d) from %s"
        .formatted(entry == null ? "the only model" : entry, maxBytes, maxEntries, packed);
  }
}
