package io.vivace.core.model;

import io.vivace.core.internal.zip.ZipDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** What a file holds, told from its bytes alone. Little of the file is read. */
enum Content {
  EMPTY("an empty file"),
  ONNX("an ONNX model"),
  PACKED("a packed ONNX model"),
  TORCHSCRIPT("a TorchScript model"),
  PYTORCH_WEIGHTS("pickled PyTorch weights (export the model with torch.jit.save or to ONNX)"),
  AMBIGUOUS_TORCH(
      "a PyTorch file with two files of one name, or two of data.pkl (save the model again with"
          + " torch.jit.save)"),
  ZIP("a zip archive"),
  DAMAGED_ZIP("a zip file that is cut off, damaged or of too many entries"),
  GZIP("gzip-compressed data"),
  TAR("a tar archive"),
  LFS_POINTER("a Git LFS pointer (fetch the real file with git lfs pull)"),
  HTML("an HTML page"),
  TEXT("text"),
  BINARY("binary data of another kind");

  private static final int HEAD = 512;
  private static final int TAR_MAGIC_AT = 257;

  private final String description;

  Content(String description) {
    this.description = description;
  }

  /** Reads the file's first bytes, and of a zip file its directory. */
  static Content of(Path file) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(HEAD);
    }
    if (head.length == 0) {
      return EMPTY;
    }
    if (startsWith(head, 0, "PK\3\4") || startsWith(head, 0, "PK\5\6")) {
      return ofZip(file);
    }
    if (startsWith(head, 0, "\u001f\u008b")) {
      return GZIP;
    }
    if (startsWith(head, TAR_MAGIC_AT, "ustar")) {
      return TAR;
    }
    if (startsWith(head, 0, PackedModel.MAGIC)) {
      return PACKED;
    }
    if (isText(head)) {
      return ofText(new String(head, StandardCharsets.ISO_8859_1));
    }
    return OnnxHeader.isIn(file) ? ONNX : BINARY;
  }

  ModelFormat format() {
    return switch (this) {
      case ONNX, PACKED -> ModelFormat.ONNX;
      case TORCHSCRIPT -> ModelFormat.TORCHSCRIPT;
      default -> ModelFormat.OTHER;
    };
  }

  private static Content ofZip(Path file) {
    try {
      return torchContent(file);
    } catch (IOException | RuntimeException e) { // The library throws either on hostile files.
      return DAMAGED_ZIP;
    }
  }

  /** A TorchScript file is a zip with one top folder that holds a pickle and code. */
  private static Content torchContent(Path file) throws IOException {
    try (ZipFile zip = ZipDirectory.open(file)) {
      Set<String> names = new HashSet<>();
      Set<String> lower = new HashSet<>();
      String top = "";
      boolean ambiguous = false;
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        String name = entry.getName();
        names.add(name);
        // Readers of PyTorch differ in which of two they take, and ignore case.
        ambiguous |= !lower.add(name.toLowerCase(Locale.ROOT));
        if (name.endsWith("/data.pkl") && name.indexOf('/') == name.lastIndexOf('/')) {
          ambiguous |= !top.isEmpty();
          top = name.substring(0, name.indexOf('/') + 1);
        }
      }
      if (top.isEmpty()) {
        return ZIP;
      }
      if (ambiguous) {
        return AMBIGUOUS_TORCH;
      }
      String code = top + "code/";
      boolean script =
          names.contains(top + "constants.pkl")
              || names.stream().anyMatch(name -> name.startsWith(code));
      return script ? TORCHSCRIPT : PYTORCH_WEIGHTS;
    }
  }

  private static Content ofText(String head) {
    if (head.startsWith("version https://git-lfs")) {
      return LFS_POINTER;
    }
    String start = head.stripLeading().toLowerCase(Locale.ROOT);
    return start.startsWith("<!doctype html") || start.startsWith("<html") ? HTML : TEXT;
  }

  private static boolean isText(byte[] head) {
    for (byte b : head) {
      if (b >= 0 && b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f') {
        return false;
      }
    }
    return true;
  }

  private static boolean startsWith(byte[] head, int offset, String magic) {
    if (head.length < offset + magic.length()) {
      return false;
    }
    String found = new String(head, offset, magic.length(), StandardCharsets.ISO_8859_1);
    return found.equals(magic);
  }

  @Override
  public String toString() {
    return description;
  }
}
