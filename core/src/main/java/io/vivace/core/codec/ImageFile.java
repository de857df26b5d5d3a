package io.vivace.core.codec;

import io.vivace.core.InvalidInputException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/** Decodes image files that nobody vouches for. */
final class ImageFile {
  private ImageFile() {}

  /** Opens the encoded bytes. */
  interface Source {
    @Nullable ImageInputStream open() throws IOException;
  }

  /** Decodes the first image, if the size that its header states is allowed. */
  static BufferedImage decode(String name, long maxPixels, Source source) {
    try (ImageInputStream in = source.open()) {
      if (in == null) {
        throw new InvalidInputException("cannot open " + name);
      }
      return decode(name, maxPixels, in);
    } catch (IOException | RuntimeException e) {
      if (e instanceof InvalidInputException invalid) {
        throw invalid;
      }
      // Java's readers meet broken files with all sorts of runtime exceptions.
      throw new InvalidInputException("cannot decode " + name + ": " + e, e);
    }
  }

  private static BufferedImage decode(String name, long maxPixels, ImageInputStream in)
      throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
    if (!readers.hasNext()) {
      throw new InvalidInputException(
          name
              + " is no image that this JVM can decode; it can: "
              + String.join(", ", ImageIO.getReaderFormatNames()));
    }
    ImageReader reader = readers.next();
    try {
      reader.setInput(in, true, true);
      long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
      if (pixels > maxPixels) {
        throw new InvalidInputException(
            String.format(
                "%s has %d x %d pixels, more than maxPixels=%,d",
                name, reader.getWidth(0), reader.getHeight(0), maxPixels));
      }
      return reader.read(0);
    } finally {
      reader.dispose();
    }
  }
}
