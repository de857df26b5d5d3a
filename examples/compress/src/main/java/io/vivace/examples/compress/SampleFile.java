package io.vivace.examples.compress;

import io.vivace.core.data.CsvReader;
import io.vivace.core.data.IdxArray;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.core.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Samples in a file: a CSV table of numbers, a line each; an IDX array or one of NumPy, an item
 * each; or arrays of NumPy by the names of inputs.
 */
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

  /** Whether samples of several inputs are in it. */
  static boolean isByName(Path file) {
    try {
      return NumpyFile.isArchive(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e, e);
    }
  }

  /**
   * Reads the first samples of all inputs.
   *
   * @param inputs their types by their names
   */
  static List<Map<String, Tensor>> readByName(
      Path file, Map<String, OnnxElementType> inputs, double divisor, int most) {
    Map<String, NumpyArray> arrays;
    try {
      arrays = NumpyFile.arrays(file, most);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e, e);
    }
    if (!arrays.keySet().equals(inputs.keySet())) {
      throw new IllegalArgumentException(
          "file %s has arrays %s, but the model's inputs are %s; name them alike"
              .formatted(file, arrays.keySet(), inputs.keySet()));
    }
    List<Integer> counts = arrays.values().stream().map(NumpyArray::samples).distinct().toList();
    if (counts.size() != 1) {
      throw new IllegalArgumentException(
          "the arrays of %s must have as many samples each, but have %s".formatted(file, counts));
    }
    List<Map<String, Tensor>> samples = new ArrayList<>();
    for (int i = 0; i < counts.get(0); i++) {
      Map<String, Tensor> sample = new LinkedHashMap<>();
      for (Map.Entry<String, NumpyArray> array : arrays.entrySet()) {
        OnnxElementType type = Objects.requireNonNull(inputs.get(array.getKey()));
        sample.put(array.getKey(), array.getValue().tensor(i, type, divisor));
      }
      samples.add(sample);
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
      if (NumpyFile.isArray(file)) {
        NumpyArray array = NumpyFile.array(file, most);
        return IntStream.range(0, array.samples()).mapToObj(array::floats).toList();
      }
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
