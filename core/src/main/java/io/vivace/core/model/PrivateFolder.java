package io.vivace.core.model;

import io.vivace.core.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A temporary folder that only this user can enter, removed with all it holds. */
final class PrivateFolder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PrivateFolder.class);

  /** What every file system takes as the name of one file. */
  private static final Pattern FILE_NAME = Pattern.compile("[^\\p{Cntrl}/\\\\:*?\"<>|]{1,200}");

  private final Path path;

  private PrivateFolder(Path path) {
    this.path = path;
  }

  /** Fills a folder and finds the model in it. */
  interface Filling {
    ModelArtifact fill(PrivateFolder folder) throws IOException;
  }

  /** Makes an artifact that owns its folder; a failure removes the folder at once. */
  static ModelArtifact resolve(ModelSource source, Filling filling) {
    PrivateFolder folder = null;
    boolean filled = false;
    try {
      folder = new PrivateFolder(Files.createTempDirectory("vivace-"));
      ModelArtifact artifact = filling.fill(folder).onClose(folder::close);
      filled = true;
      return artifact;
    } catch (IOException e) {
      throw new ModelLoadException("model from " + source + " cannot be read: " + e, e);
    } finally {
      if (folder != null && !filled) {
        folder.close();
      }
    }
  }

  static boolean isFileName(String name) {
    return FILE_NAME.matcher(name).matches() && !name.strip().replace(".", "").isEmpty();
  }

  static String requireFileName(String name) {
    if (!isFileName(name)) {
      throw new IllegalArgumentException(
          "the name must be a plain file name of 1 to 200 characters, such as model.onnx, but was \""
              + name
              + '"');
    }
    return name;
  }

  Path path() {
    return path;
  }

  void write(String name, InputStream content) throws IOException {
    Files.copy(content, path.resolve(name));
  }

  /** Never throws: what cannot be removed is logged. */
  @Override
  public void close() {
    try (Stream<Path> walk = Files.walk(path)) {
      for (Path file : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      log.warn("temporary folder {} cannot be removed: {}", path, e.toString());
    }
  }
}
