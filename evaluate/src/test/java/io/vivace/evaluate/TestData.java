package io.vivace.evaluate;

import io.vivace.core.data.Dataset;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Small data sets; see the notice beside the files. */
public final class TestData {
  private TestData() {}

  /** 150 flowers of three kinds, in the order of the kinds. */
  public static Dataset<double[], Integer> iris() {
    return read("iris.csv");
  }

  /** 178 wines of three growers, in the order of the growers. */
  public static Dataset<double[], Integer> wine() {
    return read("wine_data.csv");
  }

  private static Dataset<double[], Integer> read(String file) {
    try (InputStream in = TestData.class.getResourceAsStream("/data/" + file)) {
      List<String> lines =
          new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().skip(1).toList();
      List<double[]> rows =
          lines.stream()
              .map(
                  line -> Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray())
              .toList();
      return Dataset.of(
          rows.stream().map(row -> Arrays.copyOf(row, row.length - 1)).toList(),
          rows.stream().map(row -> (int) row[row.length - 1]).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
