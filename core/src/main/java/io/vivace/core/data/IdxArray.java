package io.vivace.core.data;

import io.vivace.core.model.Shape;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.ZipException;

/**
 * An array of numbers in the IDX format, in which MNIST and its kin come: the first axis counts the
 * items. Immutable and thread-safe.
 *
 * <pre>{@code
 * Dataset<float[], Integer> digits =
 *     IdxArray.read(Path.of("train-images-idx3-ubyte.gz"))
 *         .labelledBy(IdxArray.read(Path.of("train-labels-idx1-ubyte.gz")));
 * }</pre>
 *
 * <p>All six element types are read. The file's bytes stay in memory as they are; an item is
 * converted each time it is asked for. Format: Y. LeCun, C. Cortes and C. J. C. Burges, "The MNIST
 * database of handwritten digits", section "The IDX file format".
 */
public final class IdxArray {
  /** The largest content, so that one array can hold it: 2 GiB less a few bytes. */
  private static final long MAX_BYTES = Integer.MAX_VALUE - 8;

  private final String name;
  private final IdxType type;
  private final Shape shape;
  private final int itemSize;
  private final ByteBuffer content;

  private IdxArray(String name, IdxType type, Shape shape, byte[] content) {
    this.name = name;
    this.type = type;
    this.shape = shape;
    this.content = ByteBuffer.wrap(content);
    this.itemSize = size() == 0 ? 0 : content.length / type.bytes() / size();
  }

  /**
   * Reads a file.
   *
   * @param file an IDX file, plain or compressed with gzip, which is recognised by its content
   * @return the array
   * @throws MalformedDataException if the file is no IDX file, or its length does not fit its
   *     header, or it holds more than 2 GiB
   * @throws IOException if the file cannot be read
   */
  public static IdxArray read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file.toString());
    }
  }

  /**
   * Reads a stream to its end, as of a class-path resource.
   *
   * @param in the content of an IDX file, plain or compressed with gzip; not closed
   * @param name how messages name it
   * @return the array
   * @throws MalformedDataException if the content is no IDX file, or its length does not fit its
   *     header, or it holds more than 2 GiB
   * @throws IOException if the stream cannot be read
   */
  public static IdxArray read(InputStream in, String name) throws IOException {
    try {
      return parse(new DataInputStream(DataStreams.plain(in, name)), name);
    } catch (EOFException e) {
      throw new MalformedDataException(name + ": ends within its header or is cut short", e);
    } catch (ZipException e) {
      throw new MalformedDataException(name + ": is damaged gzip: " + e.getMessage(), e);
    }
  }

  private static IdxArray parse(DataInputStream in, String name) throws IOException {
    int magic = in.readInt();
    IdxType type = IdxType.of(magic >>> 8, name);
    long[] sizes = new long[magic & 0xff];
    if (sizes.length == 0) {
      throw new MalformedDataException(name + ": an IDX array has at least one axis, but has 0");
    }
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = in.readInt();
    }
    int length = checkedLength(sizes, type, name);
    // Grows with what is there, so a header that promises too much costs no memory.
    byte[] content = in.readNBytes(length);
    if (content.length < length || in.read() >= 0) {
      throw new MalformedDataException(
          String.format(
              "%s: %s elements of shape %s are %,d bytes, but the file holds %s",
              name,
              type,
              Arrays.toString(sizes),
              length,
              content.length < length ? String.format("%,d", content.length) : "more"));
    }
    return new IdxArray(name, type, Shape.of(sizes), content);
  }

  private static int checkedLength(long[] sizes, IdxType type, String name)
      throws MalformedDataException {
    long bytes = type.bytes();
    for (long size : sizes) {
      if (size < 0 || (size > 0 && bytes > MAX_BYTES / size)) {
        throw new MalformedDataException(
            String.format(
                "%s: sizes must be at least 0 and the content at most %,d bytes, but the header"
                    + " says %s elements of shape %s",
                name, MAX_BYTES, type, Arrays.toString(sizes)));
      }
      bytes *= size;
    }
    return (int) bytes;
  }

  /**
   * Returns the sizes of the axes.
   *
   * @return for example {@code [60000, 28, 28]}
   */
  public Shape shape() {
    return shape;
  }

  /**
   * Returns the number of items.
   *
   * @return the size of the first axis
   */
  public int size() {
    return (int) shape.dimension(0);
  }

  /**
   * Copies one item.
   *
   * @param item from 0 to {@code size() - 1}
   * @return its elements in row-major order: unsigned bytes as 0 to 255, a number that needs more
   *     than 24 bits rounded to nearest
   * @throws IndexOutOfBoundsException if there is no such item
   */
  public float[] floats(int item) {
    double[] exact = doubles(item);
    float[] values = new float[exact.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) exact[i];
    }
    return values;
  }

  /**
   * Copies one item.
   *
   * @param item from 0 to {@code size() - 1}
   * @return its elements in row-major order, exact; unsigned bytes as 0 to 255
   * @throws IndexOutOfBoundsException if there is no such item
   */
  public double[] doubles(int item) {
    Objects.checkIndex(item, size());
    double[] values = new double[itemSize];
    for (int i = 0; i < itemSize; i++) {
      values[i] = type.read(content, (item * itemSize + i) * type.bytes());
    }
    return values;
  }

  /**
   * Joins these items with their labels.
   *
   * @param labels an array of one axis of whole numbers, as many as there are items
   * @return the data set; an input is a new array each time it is asked for
   * @throws IllegalArgumentException if the labels do not fit
   */
  public Dataset<float[], Integer> labelledBy(IdxArray labels) {
    if (labels.shape.rank() != 1 || !labels.type.isWhole() || labels.size() != size()) {
      throw new IllegalArgumentException(
          String.format("labels must be %,d whole numbers along one axis, but %s", size(), labels));
    }
    return Dataset.lazy(size(), this::floats, i -> (int) labels.doubles(i)[0]);
  }

  /**
   * Returns name, type and shape.
   *
   * @return for example {@code images.gz holds unsigned byte [60000, 28, 28]}
   */
  @Override
  public String toString() {
    return name + " holds " + type + ' ' + shape;
  }
}
