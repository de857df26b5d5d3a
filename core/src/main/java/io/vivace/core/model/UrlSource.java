package io.vivace.core.model;

import io.vivace.core.InferenceInterruptedException;
import io.vivace.core.ModelLoadException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A model file behind an {@code http} or {@code https} URL, downloaded once and kept in a cache.
 * Immutable.
 *
 * <p>The cache finds a file by its SHA-256 where one is given, and by the URL otherwise (with the
 * query, without user-info and fragment). A file that is there is used without a connection, and is
 * never refreshed: give the digest of the new version, or remove the file. With a digest, the
 * cached file is checked on each resolve, and downloaded again if it has changed.
 *
 * <p>A download goes to a file of its own, which is moved into the cache in one step when it is
 * complete and checked: threads and processes may fetch the same URL at the same time, and a
 * failure leaves nothing. At most 5 redirects are followed, none from https to http. User-info in
 * the URL is sent as basic authentication to the URL's own server only. Messages and {@link
 * #toString} show neither user-info nor query. The JVM's proxy settings hold.
 */
public final class UrlSource implements ModelSource {
  private static final long DEFAULT_MAX_BYTES = 4L << 30;
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  private final URI uri;
  private final @Nullable Sha256 digest;
  private final long maxBytes;
  private final Path cache;
  private final Duration timeout;

  private UrlSource(URI uri, @Nullable Sha256 digest, long maxBytes, Path cache, Duration timeout) {
    this.uri = uri;
    this.digest = digest;
    this.maxBytes = maxBytes;
    this.cache = cache;
    this.timeout = timeout;
  }

  static UrlSource of(URI uri) {
    if (!Download.isWeb(uri)) {
      throw new IllegalArgumentException(
          "a model URL must be http or https and name a host, but was " + Download.redacted(uri));
    }
    return new UrlSource(
        uri, null, DEFAULT_MAX_BYTES, DownloadCache.defaultFolder(), DEFAULT_TIMEOUT);
  }

  /**
   * Says which SHA-256 digest the file must have. Default: none, so that any file is taken.
   *
   * @param hex 64 hexadecimal digits, in either case
   * @return a changed copy
   * @throws IllegalArgumentException if it is not such a digest
   */
  @Override
  public UrlSource sha256(String hex) {
    return new UrlSource(uri, Sha256.parse(hex), maxBytes, cache, timeout);
  }

  /**
   * Limits the size of the file. Default: 4 GiB.
   *
   * @param bytes the most bytes, at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if {@code bytes} is below 1
   */
  public UrlSource maxBytes(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("maxBytes must be at least 1, but was " + bytes);
    }
    return new UrlSource(uri, digest, bytes, cache, timeout);
  }

  /**
   * Says where downloads are kept. Default: {@code vivace/models} in the user's cache folder, which
   * is {@code $XDG_CACHE_HOME}, {@code %LOCALAPPDATA%} or {@code ~/.cache}.
   *
   * @param folder the folder, made when it is needed
   * @return a changed copy
   */
  public UrlSource cache(Path folder) {
    return new UrlSource(uri, digest, maxBytes, Objects.requireNonNull(folder, "folder"), timeout);
  }

  /**
   * Limits how long the server may stay silent: until it answers, and then between two pieces of
   * the file. Default: 30 seconds. A large file may take longer as a whole.
   *
   * @param silence the longest silence, positive
   * @return a changed copy
   * @throws IllegalArgumentException if it is not positive
   */
  public UrlSource timeout(Duration silence) {
    if (silence.isNegative() || silence.isZero()) {
      throw new IllegalArgumentException("the timeout must be positive, but was " + silence);
    }
    return new UrlSource(uri, digest, maxBytes, cache, silence);
  }

  /**
   * Returns the model in the cache, after a download if it is not there.
   *
   * @return the cached file; closing the artifact leaves it there
   * @throws ModelLoadException if the server cannot be reached or stays silent, answers anything
   *     but the file, sends too many bytes or other bytes than the digest asks for; or if the cache
   *     cannot be written
   * @throws InferenceInterruptedException if the thread is interrupted meanwhile
   */
  @Override
  public ModelArtifact resolve() {
    Path file = DownloadCache.fileFor(cache, uri, digest);
    try {
      if (!isGood(file)) {
        DownloadCache.store(file, this::download, this::isGood);
      }
    } catch (IOException e) {
      throw new ModelLoadException(
          "model %s cannot be downloaded to %s: %s"
              .formatted(Download.redacted(uri), cache, e.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InferenceInterruptedException(
          "interrupted while model " + Download.redacted(uri) + " was downloaded", e);
    }
    return ModelFiles.at(file);
  }

  private boolean isGood(Path file) throws IOException {
    return Files.isRegularFile(file)
        && Files.size(file) <= maxBytes
        && (digest == null || digest.equals(Sha256.of(file)));
  }

  private void download(Path file) throws IOException, InterruptedException {
    new Download(uri, maxBytes, timeout).to(file);
    if (digest != null) {
      Sha256 found = Sha256.of(file);
      if (!found.equals(digest)) {
        throw new IOException(
            "it must have SHA-256 %s, but has %s".formatted(digest.hex(), found.hex()));
      }
    }
  }

  @Override
  public String toString() {
    return "url %s (sha256 %s, maxBytes %,d, cache %s, timeout %s)"
        .formatted(
            Download.redacted(uri),
            digest == null ? "any" : digest.hex(),
            maxBytes,
            cache,
            timeout);
  }
}
