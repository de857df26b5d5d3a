package io.vivace.core.model;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A model's files on the local disk. Closing it removes what was made only for it. */
public final class ModelArtifact implements AutoCloseable {
  private final String name;
  private final Path path;
  private final ModelFormat format;
  private final Path delivered;
  private @Nullable Runnable cleanup;

  private ModelArtifact(
      String name, Path path, ModelFormat format, Path delivered, @Nullable Runnable cleanup) {
    this.name = Objects.requireNonNull(name, "name");
    this.path = Objects.requireNonNull(path, "path");
    this.format = Objects.requireNonNull(format, "format");
    this.delivered = delivered;
    this.cleanup = cleanup;
  }

  /**
   * Describes files that stay when the artifact is closed.
   *
   * @param name how messages name the model, for example the file name
   * @param path the model's file, or its folder where the format has many files
   * @param format the format, recognised from the content
   * @return the artifact
   */
  public static ModelArtifact of(String name, Path path, ModelFormat format) {
    return new ModelArtifact(name, path, format, path, null);
  }

  /**
   * Returns the same artifact with an action that runs once, when it is closed.
   *
   * @param action removes what was made only for this artifact; it must not throw
   * @return a new artifact; this one must no longer be used
   */
  public ModelArtifact onClose(Runnable action) {
    Runnable before = cleanup;
    Runnable both =
        before == null
            ? action
            : () -> {
              before.run();
              action.run();
            };
    return new ModelArtifact(name, path, format, delivered, both);
  }

  /** The same artifact by another name; this one must no longer be used. */
  ModelArtifact renamed(String newName) {
    return new ModelArtifact(newName, path, format, delivered, cleanup);
  }

  /** The same artifact, inflated from a container; this one must no longer be used. */
  ModelArtifact deliveredAs(Path container) {
    return new ModelArtifact(name, path, format, container, cleanup);
  }

  /**
   * Returns what came from the source, which is what a model takes on disk: the container where the
   * model was packed, and otherwise the same as {@link #path}.
   *
   * @return a path on the local file system
   */
  public Path delivered() {
    return delivered;
  }

  /**
   * Returns how messages name the model.
   *
   * @return for example {@code resnet50.onnx}
   */
  public String name() {
    return name;
  }

  /**
   * Returns the model's file, or its folder where the format has many files.
   *
   * @return a path on the local file system
   */
  public Path path() {
    return path;
  }

  /**
   * Returns the format that the content has.
   *
   * @return the format
   */
  public ModelFormat format() {
    return format;
  }

  /** Removes what was made only for this artifact. May be called twice. */
  @Override
  public void close() {
    Runnable action;
    synchronized (this) {
      action = cleanup;
      cleanup = null;
    }
    if (action != null) {
      action.run();
    }
  }

  @Override
  public String toString() {
    return name + " (" + format + ", " + path + ")";
  }
}
