package io.vivace.core.model;

import io.vivace.core.ModelLoadException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the model at a local path. Every source ends here. */
final class ModelFiles {
  private static final int DEPTH = 4;
  private static final int LISTED = 20;
  private static final int MOST_FILES = 10_000;

  private ModelFiles() {}

  /** Describes the model file, or the one in a folder, or the folder itself. */
  static ModelArtifact at(Path path) {
    try {
      return Files.isDirectory(path) ? inFolder(path) : file(path);
    } catch (IOException | UncheckedIOException e) {
      throw new ModelLoadException("model " + path + " cannot be read: " + e, e);
    }
  }

  /** Tells what a file holds. */
  static Content content(Path file) {
    try {
      return Content.of(file);
    } catch (IOException e) {
      throw new ModelLoadException("file " + file + " cannot be read: " + e, e);
    }
  }

  private static ModelArtifact file(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new ModelLoadException(
          "model %s does not exist (working folder %s)"
              .formatted(file, Path.of("").toAbsolutePath()));
    }
    Content content = Content.of(file);
    String name = String.valueOf(file.getFileName());
    requirePlausible(name, file, content);
    if (content == Content.PACKED) {
      return PackedModel.inflated(name, file);
    }
    return ModelArtifact.of(name, file, content.format());
  }

  /** Neither native library says what is wrong with such a file. */
  private static void requirePlausible(String name, Path file, Content content) {
    boolean claimed = claimsFormat(name) && content.format() == ModelFormat.OTHER;
    if (claimed || content == Content.EMPTY) {
      throw new ModelLoadException(
          "model %s holds %s; wanted is an ONNX or a TorchScript model".formatted(file, content));
    }
  }

  private static boolean claimsFormat(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".onnx") || lower.endsWith(".pt");
  }

  private static ModelArtifact inFolder(Path folder) throws IOException {
    List<Path> files = filesBelow(folder);
    List<Path> models = new ArrayList<>();
    for (Path file : files) {
      if (Content.of(file).format() != ModelFormat.OTHER) {
        models.add(file);
      }
    }
    if (models.size() > 1) {
      throw new ModelLoadException(
          "folder %s has %d models; name one of: %s"
              .formatted(folder, models.size(), listing(folder, models)));
    }
    if (models.size() == 1) {
      return file(models.get(0));
    }
    for (Path file : files) {
      requirePlausible(String.valueOf(file.getFileName()), file, Content.of(file));
    }
    return ModelArtifact.of(String.valueOf(folder.getFileName()), folder, ModelFormat.OTHER);
  }

  /** Names the files below a folder, at most some, for messages. */
  static String listing(Path folder) throws IOException {
    return listing(folder, filesBelow(folder));
  }

  private static List<Path> filesBelow(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder, DEPTH)) {
      List<Path> files =
          walk.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
              .limit(MOST_FILES + 1L)
              .sorted()
              .toList();
      if (files.isEmpty() || files.size() > MOST_FILES) {
        throw new ModelLoadException(
            "folder %s has %s files; allowed are 1 to %,d: name the model's file"
                .formatted(folder, files.isEmpty() ? "no" : "too many", MOST_FILES));
      }
      return files;
    }
  }

  private static String listing(Path folder, List<Path> files) {
    String first =
        files.stream()
            .limit(LISTED)
            .map(file -> folder.relativize(file).toString())
            .collect(Collectors.joining(", "));
    return files.size() > LISTED ? first + ", ..." : first;
  }
}
