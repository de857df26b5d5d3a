package io.vivace.core.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/** A SHA-256 digest, as 64 hexadecimal digits in lower case. */
record Sha256(String hex) {
  private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{64}");

  static Sha256 parse(String hex) {
    String lower = hex.toLowerCase(Locale.ROOT);
    if (!DIGITS.matcher(lower).matches()) {
      throw new IllegalArgumentException(
          "a SHA-256 digest has 64 hexadecimal digits, but this was \"" + hex + '"');
    }
    return new Sha256(lower);
  }

  static Sha256 of(byte[] bytes) {
    return new Sha256(HexFormat.of().formatHex(algorithm().digest(bytes)));
  }

  static Sha256 of(Path file) throws IOException {
    MessageDigest digest = algorithm();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return new Sha256(HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest algorithm() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
