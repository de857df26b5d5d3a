package io.vivace.core.serve;

import io.vivace.core.model.ModelSource;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where every JVM that opens a {@link PredictorRecipe} finds the model: data only, so that it can
 * be sent.
 *
 * @param kind how the location is meant
 * @param location a path, a URL or the name of a class-path resource
 * @param digest the SHA-256 digest that the file must have, 64 hexadecimal digits; null if any file
 *     will do
 * @serial exclude
 */
@SuppressWarnings("InvalidBlockTag") // the check knows @serial on members only
public record ModelLocation(Kind kind, String location, @Nullable String digest)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** How a location is meant. */
  public enum Kind {
    /** A file or a folder that each machine has. */
    PATH,
    /** A file that each machine downloads once to its cache. */
    URL,
    /** A resource that each JVM has on its class path. */
    CLASSPATH
  }

  /**
   * Checks that a model could be there, without looking.
   *
   * @param kind how the location is meant
   * @param location a path, a URL or the name of a class-path resource
   * @param digest the SHA-256 digest that the file must have, 64 hexadecimal digits; null if any
   *     file will do
   * @throws IllegalArgumentException if the location is no such thing, or the digest is none
   */
  public ModelLocation {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(location, "location");
    source(kind, location, digest);
  }

  /**
   * Names a file or a folder.
   *
   * @param path the same on all machines
   * @return the location
   */
  public static ModelLocation path(Path path) {
    return new ModelLocation(Kind.PATH, path.toString(), null);
  }

  /**
   * Names a file behind a URL.
   *
   * @param uri an {@code http} or {@code https} URL with a host
   * @return the location
   * @throws IllegalArgumentException if it is not such a URL
   */
  public static ModelLocation url(URI uri) {
    return new ModelLocation(Kind.URL, uri.toString(), null);
  }

  /**
   * Names a resource.
   *
   * @param resource the absolute name, looked up where the recipe is opened, as {@link
   *     ModelSource#classpath(String)} does
   * @return the location
   */
  public static ModelLocation classpath(String resource) {
    return new ModelLocation(Kind.CLASSPATH, resource, null);
  }

  /**
   * Returns this location with a check of the file: machines whose copies differ are an error.
   *
   * @param hex the SHA-256 digest that the file must have, 64 hexadecimal digits in either case
   * @return a changed copy
   * @throws IllegalArgumentException if it is not such a digest
   */
  public ModelLocation sha256(String hex) {
    return new ModelLocation(kind, location, Objects.requireNonNull(hex, "hex"));
  }

  /**
   * Returns the source of the model, for this JVM.
   *
   * @return a source
   */
  public ModelSource source() {
    return source(kind, location, digest);
  }

  private static ModelSource source(Kind kind, String location, @Nullable String digest) {
    ModelSource source =
        switch (kind) {
          case PATH -> ModelSource.path(Path.of(location));
          case URL -> ModelSource.url(URI.create(location));
          case CLASSPATH -> ModelSource.classpath(location);
        };
    return digest == null ? source : source.sha256(digest);
  }

  /** Returns the source in words; of a URL neither user-info nor query. */
  @Override
  public String toString() {
    return source().toString();
  }
}
