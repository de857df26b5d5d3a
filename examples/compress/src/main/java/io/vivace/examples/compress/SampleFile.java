package io.vivace.examples.compress;

import io.vivace.core.data.CsvReader;
import io.vivace.core.data.IdxArray;
import io.vivace.core.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Samples in a file: a CSV table of numbers, a line each, or an IDX array, an item each. */
final class SampleFile {
  private SampleFile() {}

  /**
   * Reads the first samples.
   *
   * @param input the name of the model's input
   * @param shape of one sample without the batch axis; empty for that of the file
   * @param divisor what numbers are divided by
   */
  static List<Map<String, Tensor>> read(
      Path file, String input, List<Long> shape, double divisor, int most) {
    List<float[]> rows = rows(file, most);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("file " + file + " has no samples");
    }
    List<Map<String, Tensor>> samples = new ArrayList<>();
    for (float[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) (row[i] / divisor);
      }
      samples.add(Map.of(input, Tensor.of(row, withBatch(file, shape, row.length))));
    }
    return samples;
  }

  private static long[] withBatch(Path file, List<Long> shape, int numbers) {
    List<Long> sizes = new ArrayList<>(shape.isEmpty() ? List.of((long) numbers) : shape);
    long wanted = sizes.stream().reduce(1L, Math::multiplyExact);
    if (wanted != numbers) {
      throw new IllegalArgumentException(
          "a sample of %s has %d numbers, but the input takes %s; give --shape or another file"
              .formatted(file, numbers, sizes));
    }
    sizes.add(0, 1L);
    return sizes.stream().mapToLong(Long::longValue).toArray();
  }

  private static List<float[]> rows(Path file, int most) {
    try {
      return isText(file) ? lines(file, most) : items(file, most);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e, e);
    }
  }

  /** IDX files begin with two zeros, compressed ones are not text either. */
  private static boolean isText(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      int first = in.read();
      return first >= ' ' && first < 0x7f;
    }
  }

  private static List<float[]> lines(Path file, int most) throws IOException {
    List<float[]> rows = CsvReader.floats().unlabelled().headerless().read(file).inputs();
    return rows.subList(0, Math.min(most, rows.size()));
  }

  private static List<float[]> items(Path file, int most) throws IOException {
    IdxArray array = IdxArray.read(file);
    List<float[]> rows = new ArrayList<>();
    for (int item = 0; item < Math.min(most, array.size()); item++) {
      rows.add(array.floats(item));
    }
    return rows;
  }
}
