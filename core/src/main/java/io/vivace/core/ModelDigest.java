package io.vivace.core;

import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** What identifies a model's content: of a packed one, the container on disk. */
record ModelDigest(long bytes, String sha256) {
  static ModelDigest of(ModelSource source) {
    try (ModelArtifact artifact = source.resolve()) {
      return of(artifact.delivered());
    } catch (IOException e) {
      throw new ModelLoadException("cannot read " + source + " to hash it: " + e.getMessage(), e);
    }
  }

  private static ModelDigest of(Path model) throws IOException {
    MessageDigest digest = newDigest();
    long bytes = 0;
    if (Files.isDirectory(model)) {
      for (Path file : files(model)) {
        String head = slashed(model, file) + '\0' + Files.size(file) + '\0';
        digest.update(head.getBytes(StandardCharsets.UTF_8));
        bytes += update(digest, file);
      }
    } else {
      bytes = update(digest, model);
    }
    return new ModelDigest(bytes, HexFormat.of().formatHex(digest.digest()));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .sorted(Comparator.comparing(file -> slashed(folder, file)))
          .toList();
    }
  }

  private static String slashed(Path folder, Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }

  private static long update(MessageDigest digest, Path file) throws IOException {
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      return in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
