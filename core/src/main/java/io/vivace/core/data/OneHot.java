package io.vivace.core.data;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Turns rows of texts, as {@link CsvReader#texts()} reads them, into features: a column of numbers
 * becomes one feature, a column of categories becomes one feature for each category that the
 * training examples had, 1 for the row's own and 0 for the others. Immutable and thread-safe.
 *
 * <pre>{@code
 * OneHot encoding = OneHot.categories(0, 3).fit(training.inputs());
 * Dataset<double[], String> numbers = training.mapInputs(encoding);
 * }</pre>
 *
 * <p>Categories are in the order of {@link String#compareTo}. A category that no training example
 * had gives zeros throughout. An empty number gives NaN, for {@link Imputation}.
 */
public final class OneHot implements Function<List<String>, double[]> {
  private static final int FORMAT = 1;
  private static final Gson JSON = new Gson();

  private final List<List<String>> columns;
  private final List<Map<String, Integer>> places;
  private final int features;

  /** Takes the categories of each column; a column of numbers has none. */
  private OneHot(List<List<String>> columns) {
    this.columns = columns;
    this.places = columns.stream().map(OneHot::places).toList();
    this.features = columns.stream().mapToInt(each -> Math.max(1, each.size())).sum();
  }

  private static Map<String, Integer> places(List<String> categories) {
    Map<String, Integer> places = new HashMap<>();
    categories.forEach(category -> places.put(category, places.size()));
    return places;
  }

  /**
   * Says which columns hold categories; the others hold numbers.
   *
   * @param columns their positions, from 0, each once
   * @return what is to be fitted
   * @throws IllegalArgumentException if a position is negative or named twice
   */
  public static Columns categories(int... columns) {
    int[] sorted = columns.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < sorted.length; i++) {
      if (sorted[i] < 0 || (i > 0 && sorted[i] == sorted[i - 1])) {
        throw new IllegalArgumentException(
            "columns must be from 0 and each named once, but were " + Arrays.toString(columns));
      }
    }
    return new Columns(sorted);
  }

  /** The columns that hold categories, before any row was seen. Immutable. */
  public static final class Columns {
    private final int[] sorted;

    private Columns(int[] sorted) {
      this.sorted = sorted;
    }

    /**
     * Looks which categories there are.
     *
     * @param training rows, at least one, all of the same length
     * @return the encoding they ask for
     * @throws IllegalArgumentException if there is no row, rows have different lengths, or a column
     *     is not there
     */
    public OneHot fit(Iterable<List<String>> training) {
      List<List<String>> rows = new ArrayList<>();
      training.forEach(rows::add);
      if (rows.isEmpty()) {
        throw new IllegalArgumentException("there must be at least one training row, but is none");
      }
      int width = rows.get(0).size();
      if (sorted.length > 0 && sorted[sorted.length - 1] >= width) {
        throw new IllegalArgumentException(
            "there is no column " + sorted[sorted.length - 1] + ": rows have " + width);
      }
      List<List<String>> columns = new ArrayList<>(Collections.nCopies(width, List.of()));
      for (int column : sorted) {
        TreeSet<String> categories = new TreeSet<>();
        rows.forEach(row -> categories.add(cell(row, column, width)));
        columns.set(column, List.copyOf(categories));
      }
      return new OneHot(List.copyOf(columns));
    }
  }

  private static String cell(List<String> row, int column, int width) {
    if (row.size() != width) {
      throw new IllegalArgumentException(
          "a row must have " + width + " columns, but has " + row.size() + ": " + row);
    }
    return row.get(column);
  }

  /**
   * Returns how many features a row becomes.
   *
   * @return the count
   */
  public int features() {
    return features;
  }

  /**
   * Encodes a row.
   *
   * @param row its cells
   * @return the features, column by column
   * @throws IllegalArgumentException if the row has another length, or a cell that should hold a
   *     number does not; the message names the column
   */
  @Override
  public double[] apply(List<String> row) {
    double[] encoded = new double[features];
    int next = 0;
    for (int column = 0; column < columns.size(); column++) {
      String cell = cell(row, column, columns.size());
      if (columns.get(column).isEmpty()) {
        encoded[next++] = number(cell, column);
      } else {
        Integer place = places.get(column).get(cell);
        if (place != null) {
          encoded[next + place] = 1;
        }
        next += columns.get(column).size();
      }
    }
    return encoded;
  }

  private static double number(String cell, int column) {
    if (cell.isBlank()) {
      return Double.NaN;
    }
    try {
      return Double.parseDouble(cell.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "column " + column + " must hold a number, but holds \"" + cell + "\"", e);
    }
  }

  /**
   * Writes the encoding to a file, which is there whole or not at all.
   *
   * @param file the file; an older one is replaced
   * @throws IOException if it cannot be written
   */
  public void save(Path file) throws IOException {
    JsonObject root = new JsonObject();
    root.addProperty("format", FORMAT);
    root.add("oneHot", JSON.toJsonTree(columns));
    FeatureFile.save(JSON.toJson(root), Objects.requireNonNull(file, "file"));
  }

  /**
   * Reads what {@link #save} wrote.
   *
   * @param file the file
   * @return an equal encoding
   * @throws IOException if the file cannot be read
   * @throws MalformedDataException if it is not such a file
   */
  public static OneHot load(Path file) throws IOException {
    try {
      JsonObject root = JSON.fromJson(FeatureFile.text(file), JsonObject.class);
      List<List<String>> columns =
          JSON.fromJson(root.get("oneHot"), new TypeToken<List<List<String>>>() {}.getType());
      if (root.get("format").getAsInt() != FORMAT || columns.isEmpty()) {
        throw new IllegalStateException("another format, or no column");
      }
      if (columns.stream().anyMatch(each -> Set.copyOf(each).size() < each.size())) {
        throw new IllegalStateException("a column names a category twice");
      }
      return new OneHot(columns.stream().map(List::copyOf).toList());
    } catch (JsonParseException
        | IllegalStateException
        | NullPointerException
        | NumberFormatException
        | UnsupportedOperationException
        | ClassCastException e) {
      throw new MalformedDataException("no one-hot encoding in " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OneHot encoding && columns.equals(encoding.columns);
  }

  @Override
  public int hashCode() {
    return columns.hashCode();
  }

  @Override
  public String toString() {
    return "OneHot[" + columns.size() + " columns, " + features + " features]";
  }
}
