package io.vivace.core.model.onnx;

import io.vivace.core.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Checks that external data lies in the model's folder and is as long as it must be. */
final class ExternalFiles {
  /**
   * An absolute path on any system, a step upwards, a backslash, or the marker by which ONNX
   * Runtime takes the offset for an address in memory.
   */
  private static final Pattern FORBIDDEN =
      Pattern.compile("/.*|[A-Za-z]:.*|(.*/)?\\.\\.(/.*)?|.*\\\\.*|\\*/.*", Pattern.DOTALL);

  private final Refusal refusal;
  private final Path folder;
  private final Map<String, Long> sizes = new HashMap<>();

  ExternalFiles(Refusal refusal, Path model) {
    this.refusal = refusal;
    this.folder = model.toAbsolutePath().resolveSibling("");
  }

  void check(OnnxTensor tensor, OnnxPayload.External external, long wanted) {
    String location = external.location();
    Long size = sizes.get(location);
    if (size == null) {
      size = size(tensor, location);
      sizes.put(location, size);
    }
    if (wanted > size - external.offset()) {
      throw wrong(
          tensor,
          location,
          "%d bytes from byte %d on are wanted, but the file has %d"
              .formatted(wanted, external.offset(), size));
    }
  }

  /** Finds the file, which must lie in the model's folder. */
  Path file(OnnxTensor tensor, String location) {
    if (location.isEmpty() || FORBIDDEN.matcher(location).matches()) {
      throw wrong(tensor, location, "allowed is a relative path inside the model's folder");
    }
    try {
      Path file = folder.resolve(location).toRealPath();
      if (!file.startsWith(folder.toRealPath())) {
        throw wrong(
            tensor, location, "it leads out of the model's folder; copy the file into the folder");
      }
      if (!Files.isRegularFile(file)) {
        throw wrong(tensor, location, "it is no regular file");
      }
      return file;
    } catch (NoSuchFileException e) {
      throw wrong(tensor, location, "there is no such file in " + folder);
    } catch (IOException | InvalidPathException e) {
      throw wrong(tensor, location, "it cannot be read: " + e);
    }
  }

  private long size(OnnxTensor tensor, String location) {
    try {
      return Files.size(file(tensor, location));
    } catch (IOException e) {
      throw wrong(tensor, location, "it cannot be read: " + e);
    }
  }

  private ModelLoadException wrong(OnnxTensor tensor, String location, String problem) {
    return refusal.because(
        "keeps the tensor %s in the file %s: %s"
            .formatted(Refusal.quote(tensor.name()), Refusal.quote(location), problem));
  }
}
