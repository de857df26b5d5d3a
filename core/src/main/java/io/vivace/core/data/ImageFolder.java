package io.vivace.core.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Reads images that lie in one folder per class, as {@code animals/cat/1.png}.
 *
 * <p>The inputs are the files' paths: an image codec decodes each one when it is used, so that a
 * data set of any size needs little memory.
 */
public final class ImageFolder {
  private static final List<String> EXTENSIONS =
      List.of("png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff");

  private ImageFolder() {}

  /**
   * Lists the images of every class.
   *
   * <p>Classes are sorted by name and files within a class by name, both by character code, so the
   * order is the same on every file system. Files whose name does not end in png, jpg, jpeg, gif,
   * bmp, tif or tiff, folders within a class and whatever starts with a dot are left out. No image
   * is opened.
   *
   * @param folder a folder with one folder per class
   * @return the path and the class name of each image
   * @throws MalformedDataException if there is no class, or a class without an image
   * @throws IOException if a folder cannot be read
   */
  public static Dataset<Path, String> read(Path folder) throws IOException {
    List<Example<Path, String>> examples = new ArrayList<>();
    List<Path> classes = sorted(folder, Files::isDirectory);
    if (classes.isEmpty()) {
      throw new MalformedDataException(
          folder + ": must hold one folder of images per class, but holds no folder");
    }
    for (Path each : classes) {
      List<Path> images = sorted(each, ImageFolder::isImage);
      if (images.isEmpty()) {
        throw new MalformedDataException(
            each + ": a class must have at least one image, but none ends in " + EXTENSIONS);
      }
      images.forEach(image -> examples.add(new Example<>(image, nameOf(each))));
    }
    return Dataset.of(examples);
  }

  private static List<Path> sorted(Path folder, Predicate<Path> wanted) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(entry -> !nameOf(entry).startsWith("."))
          .filter(wanted)
          .sorted(Comparator.comparing(ImageFolder::nameOf))
          .toList();
    }
  }

  private static boolean isImage(Path file) {
    String name = nameOf(file).toLowerCase(Locale.ROOT);
    return EXTENSIONS.stream().anyMatch(extension -> name.endsWith('.' + extension))
        && Files.isRegularFile(file);
  }

  private static String nameOf(Path path) {
    return String.valueOf(path.getFileName());
  }
}
