package io.vivace.optimize.train.features;

import io.vivace.core.data.CsvReader;
import io.vivace.core.data.Dataset;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** The 1,797 digits of core's tests, and what scikit-learn made of them. */
final class Digits {
  private Digits() {}

  static Dataset<double[], Integer> all() {
    Path file = Path.of("../core/src/test/resources/data/digits.csv.gz");
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return CsvReader.doubles().headerless().label(64).intLabels().read(in, "digits.csv");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Dataset<double[], Integer> training() {
    return rows(0, 1);
  }

  static Dataset<double[], Integer> heldOut() {
    return rows(2, 2);
  }

  private static Dataset<double[], Integer> rows(int from, int to) {
    Dataset<double[], Integer> all = all();
    return all.select(
        IntStream.range(0, all.size()).filter(i -> i % 3 >= from && i % 3 <= to).toArray());
  }

  static Map<String, double[]> golden(String name) {
    try (InputStream in = Digits.class.getResourceAsStream(name);
        InputStream plain = new GZIPInputStream(Objects.requireNonNull(in, name));
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .map(line -> line.split(" ", -1))
          .collect(Collectors.toMap(parts -> parts[0], Digits::numbers));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double[] numbers(String[] parts) {
    return Arrays.stream(parts).skip(1).mapToDouble(Double::parseDouble).toArray();
  }
}
