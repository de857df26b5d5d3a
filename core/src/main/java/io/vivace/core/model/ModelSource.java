package io.vivace.core.model;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Where a model comes from. Immutable; may be resolved any number of times.
 *
 * <p>Resolving brings the model's files to a local path: a path stays where it is, bytes and
 * class-path resources go to a private temporary folder, a URL goes to a cache. Implement this
 * interface for a store of your own.
 *
 * <p>The format is recognised from the content. A file that is named {@code .onnx} or {@code .pt}
 * but holds neither is refused, with a word on what it holds; so is an empty file.
 */
@FunctionalInterface
public interface ModelSource {
  /**
   * Brings the model to a local path and recognises its format.
   *
   * @return the local files; the caller closes it when the model is no longer used
   * @throws io.vivace.core.ModelLoadException if the model cannot be had; the message names the
   *     source
   */
  ModelArtifact resolve();

  /**
   * Returns this source with a check of the model's file. External data beside it is not checked:
   * pack it and check the archive, {@code source.sha256(hex).archive()}.
   *
   * @param hex the SHA-256 digest that the file must have, 64 hexadecimal digits in either case
   * @return a source whose artifact is refused if it is a folder or has another digest
   * @throws IllegalArgumentException if it is not such a digest
   */
  default ModelSource sha256(String hex) {
    return new VerifiedSource(this, Sha256.parse(hex));
  }

  /**
   * Returns this source with another name for its model, as messages and metrics give it.
   *
   * @param name the name, not blank; default: the file's name
   * @return a source whose artifact has that name
   * @throws IllegalArgumentException if the name is blank
   */
  default ModelSource named(String name) {
    return new NamedSource(this, name);
  }

  /**
   * Says that what comes from here is an archive (zip, tar, tar.gz) with the model in it.
   *
   * @return a source that unpacks it to a private temporary folder
   */
  default ArchiveSource archive() {
    return ArchiveSource.of(this);
  }

  /**
   * Names a file or a folder, which is used in place.
   *
   * <p>Of a folder, the one ONNX or TorchScript file in it is taken, also from folders below it,
   * down to four levels; two such files are an error that lists them. A folder with neither is
   * handed on whole, for engines whose models have many files. Symbolic links in it are not
   * followed.
   *
   * @param path the file, or a folder of 1 to 10,000 files
   * @return the source
   */
  static ModelSource path(Path path) {
    return new PathSource(path);
  }

  /**
   * Names a model in memory. Resolving writes it to a private temporary folder, which is removed
   * when the artifact is closed.
   *
   * @param name a file name such as {@code model.onnx}, of 1 to 200 characters, for the temporary
   *     file and for messages
   * @param bytes the content of the model's file, copied
   * @return the source
   * @throws IllegalArgumentException if the name is not a plain file name
   */
  static ModelSource bytes(String name, byte[] bytes) {
    return new BytesSource(name, bytes);
  }

  /**
   * Names a class-path resource, looked up by the thread's context class loader, or by that of
   * Vivace where there is none.
   *
   * <p>A resource in a folder is used in place, together with ONNX external data beside it. A
   * resource in a jar is copied alone to a private temporary folder, which is removed when the
   * artifact is closed: a model with external data must be packed, see {@link #archive()}.
   *
   * @param resource the absolute name, for example {@code /models/digits.onnx}; the first slash may
   *     be left out
   * @return the source
   */
  static ModelSource classpath(String resource) {
    Objects.requireNonNull(resource, "resource");
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader loader = context == null ? ModelSource.class.getClassLoader() : context;
    return new ClasspathSource(
        resource, name -> loader.getResource(name.startsWith("/") ? name.substring(1) : name));
  }

  /**
   * Names a class-path resource that a class has beside it. Resolves like {@link
   * #classpath(String)}.
   *
   * @param anchor the class whose class loader and package are used
   * @param resource the name, relative to the class's package, or absolute with a slash in front
   * @return the source
   */
  static ModelSource classpath(Class<?> anchor, String resource) {
    Objects.requireNonNull(resource, "resource");
    Objects.requireNonNull(anchor, "anchor");
    return new ClasspathSource(resource, anchor::getResource);
  }

  /**
   * Names a model file behind a URL, which is downloaded once and kept in a cache.
   *
   * @param uri an {@code http} or {@code https} URL with a host
   * @return the source, with options for digest, size, cache and time
   * @throws IllegalArgumentException if it is not such a URL
   */
  static UrlSource url(URI uri) {
    return UrlSource.of(uri);
  }

  /**
   * Names a model of DJL's model zoo. DJL downloads it to its own cache ({@code DJL_CACHE_DIR},
   * {@code ~/.djl.ai} by default), where it stays; of the downloaded folder the model is taken as
   * {@link #path} does. What the zoo says of translators and engines is not used.
   *
   * @param url {@code djl://group/artifact}, or {@code djl://group/artifact/version/name}; the zoo
   *     of that group must be on the class path, for example {@code
   *     ai.djl.pytorch:pytorch-model-zoo}
   * @return the source
   * @throws IllegalArgumentException if it is not such a URL
   */
  static ModelSource djl(String url) {
    return new DjlSource(url);
  }
}
