package io.vivace.examples.compress;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Arrays of numbers as NumPy saves them, one in a file of its own (.npy) or several by name in a
 * zip file (.npz). The first axis counts the samples, of which only the wanted ones are read. Only
 * plain numbers are read; nothing is unpickled.
 */
final class NumpyFile {
  /** Of all samples that are read. */
  private static final long MOST_BYTES = 1L << 30;

  private static final int MOST_ARRAYS = 64;
  private static final int LONGEST_HEADER = 1 << 16;
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{\\s*'descr': *'([^']*)', *'fortran_order': *(True|False), *'shape': *\\(([0-9,"
              + " ]*)\\),?\\s*}\\s*");

  private NumpyFile() {}

  static boolean isArchive(Path file) throws IOException {
    return startsWith(file, new byte[] {'P', 'K', 3, 4});
  }

  static boolean isArray(Path file) throws IOException {
    return startsWith(file, MAGIC);
  }

  private static boolean startsWith(Path file, byte[] magic) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(magic.length), magic);
    }
  }

  /** The first samples of each array by its name, without {@code .npy}. */
  static Map<String, NumpyArray> arrays(Path file, int most) throws IOException {
    Map<String, NumpyArray> arrays = new LinkedHashMap<>();
    long left = MOST_BYTES;
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String name = entry.getName().replaceFirst("\\.npy$", "");
        if (arrays.size() == MOST_ARRAYS || arrays.containsKey(name)) {
          throw new IOException(
              "%s has more than %d arrays, or two of the name %s"
                  .formatted(file, MOST_ARRAYS, name));
        }
        NumpyArray array = read(zip, file + ", " + entry.getName(), most, left);
        left -= array.content().capacity();
        arrays.put(name, array);
      }
    }
    return arrays;
  }

  static NumpyArray array(Path file, int most) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file.toString(), most, MOST_BYTES);
    }
  }

  private static NumpyArray read(InputStream in, String name, int most, long left)
      throws IOException {
    Matcher header = HEADER.matcher(header(in, name));
    if (!header.matches() || header.group(2).equals("True")) {
      throw new IOException(
          name + " is no array of plain numbers in row-major order: save it with numpy.save");
    }
    String type = header.group(1);
    long[] shape = shape(header.group(3), name);
    shape[0] = Math.min(shape[0], most);
    long bytes = width(type, name);
    for (long size : shape) {
      if (size == 0 || bytes > left / size) {
        throw new IOException(
            "%s states the shape (%s), of which no number or more than the %,d bytes left would be read"
                .formatted(name, header.group(3), left));
      }
      bytes *= size;
    }
    // Grows with what is there, so a header that promises too much costs no memory.
    byte[] content = in.readNBytes((int) bytes);
    if (content.length < bytes) {
      throw new IOException(
          "%s states %,d bytes, but ends after %,d".formatted(name, bytes, content.length));
    }
    return new NumpyArray(
        name,
        type,
        Arrays.stream(shape).boxed().toList(),
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN));
  }

  private static String header(InputStream in, String name) throws IOException {
    DataInputStream data = new DataInputStream(in);
    byte[] magic = data.readNBytes(MAGIC.length + 2);
    int version = magic.length < MAGIC.length + 2 ? 0 : magic[MAGIC.length];
    if (!Arrays.equals(Arrays.copyOf(magic, MAGIC.length), MAGIC) || version < 1 || version > 3) {
      throw new IOException(name + " is no array of NumPy");
    }
    int length =
        version == 1
            ? Short.toUnsignedInt(Short.reverseBytes(data.readShort()))
            : Integer.reverseBytes(data.readInt());
    if (length < 0 || length > LONGEST_HEADER) {
      throw new IOException(
          "%s has a header of %,d bytes, allowed are %,d".formatted(name, length, LONGEST_HEADER));
    }
    return new String(data.readNBytes(length), StandardCharsets.ISO_8859_1);
  }

  private static long[] shape(String text, String name) throws IOException {
    try {
      long[] shape =
          Arrays.stream(text.split(",", -1))
              .map(String::strip)
              .filter(size -> !size.isEmpty())
              .mapToLong(Long::parseLong)
              .toArray();
      if (shape.length > 0 && shape.length <= 32) {
        return shape;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IOException(name + " has no axis that counts samples, or too many: (" + text + ")");
  }

  private static int width(String type, String name) throws IOException {
    return switch (type) {
      case "|u1", "|i1", "|b1" -> 1;
      case "<f2" -> 2;
      case "<f4", "<i4" -> 4;
      case "<f8", "<i8" -> 8;
      default ->
          throw new IOException(
              "%s is of type %s; read are f2, f4, f8, i1, i4, i8, u1 and b1, little-endian"
                  .formatted(name, type));
    };
  }
}
