package io.vivace.evaluate.metric;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Golden values that others computed: lines with the arrays of a data set, each followed by lines
 * of a figure and its value on them, separated by tabs.
 */
record GoldenFile(List<DataSet> dataSets) {
  /** A data set: its kind, name, further columns, and the cases on it. */
  record DataSet(String kind, String name, List<String> columns, List<Case> cases) {
    int integer(int column) {
      return Integer.parseInt(columns.get(column));
    }

    double[] numbers(int column) {
      return GoldenFile.numbers(columns.get(column), ",");
    }

    int[] integers(int column) {
      return Arrays.stream(numbers(column)).mapToInt(value -> (int) value).toArray();
    }

    boolean[] bits(int column) {
      String text = columns.get(column);
      boolean[] bits = new boolean[text.length()];
      for (int i = 0; i < bits.length; i++) {
        bits[i] = text.charAt(i) == '1';
      }
      return bits;
    }

    boolean has(int column) {
      return !columns.get(column).equals("-");
    }
  }

  /** A figure and what it must be. */
  record Case(String figure, List<Double> expected) {}

  static GoldenFile read(String resource) throws IOException {
    List<DataSet> found = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                GoldenFile.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] parts = line.split("\t", -1);
        if (parts.length == 2) {
          found
              .get(found.size() - 1)
              .cases()
              .add(new Case(parts[0], Arrays.stream(numbers(parts[1], " ")).boxed().toList()));
        } else {
          found.add(
              new DataSet(
                  parts[0], parts[1], List.of(parts).subList(2, parts.length), new ArrayList<>()));
        }
      }
    }
    return new GoldenFile(found);
  }

  int cases() {
    return dataSets.stream().mapToInt(set -> set.cases().size()).sum();
  }

  private static double[] numbers(String text, String separator) {
    return Arrays.stream(text.split(separator, -1)).mapToDouble(GoldenFile::number).toArray();
  }

  private static double number(String text) {
    return switch (text) {
      case "nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }
}
