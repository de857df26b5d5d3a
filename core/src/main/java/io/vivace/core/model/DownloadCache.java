package io.vivace.core.model;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where downloaded models are kept: one folder for each key, in it the file by its own name. */
final class DownloadCache {
  private DownloadCache() {}

  /** Fills a file; if it fails, the file is removed. */
  interface Filling {
    void fill(Path file) throws IOException, InterruptedException;
  }

  /** Tells whether a file is complete. */
  interface Check {
    boolean isGood(Path file) throws IOException;
  }

  static Path defaultFolder() {
    String base =
        Stream.of("XDG_CACHE_HOME", "LOCALAPPDATA")
            .map(System::getenv)
            .filter(Objects::nonNull)
            .filter(value -> !value.isBlank())
            .findFirst()
            .orElse(System.getProperty("user.home") + "/.cache");
    return Path.of(base, "vivace", "models");
  }

  static Path fileFor(Path cache, URI uri, @Nullable Sha256 digest) {
    String key = digest == null ? "url-" + Sha256.of(address(uri)).hex() : "sha256-" + digest.hex();
    String path = Objects.requireNonNullElse(uri.getPath(), "");
    String last = path.substring(path.lastIndexOf('/') + 1);
    return cache.resolve(key).resolve(PrivateFolder.isFileName(last) ? last : "model");
  }

  /** Fills a file of its own, then moves it into place in one step. */
  static void store(Path file, Filling filling, Check check)
      throws IOException, InterruptedException {
    Path folder = Objects.requireNonNull(file.getParent(), "a cached file is in a folder");
    Files.createDirectories(folder);
    Path part = Files.createTempFile(folder, ".download-", ".part"); // Private to this user.
    try {
      filling.fill(part);
      move(part, file, check);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void move(Path part, Path file, Check check) throws IOException {
    try {
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      // Windows keeps a file that is open: somebody else was faster.
      if (!check.isGood(file)) {
        throw e;
      }
    }
  }

  private static byte[] address(URI uri) {
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String address = uri.getScheme() + "://" + uri.getHost() + port + uri.getRawPath() + query;
    return address.getBytes(StandardCharsets.UTF_8);
  }
}
