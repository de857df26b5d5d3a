package io.vivace.core.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads tables of comma-separated values. Immutable and thread-safe: each option returns a changed
 * copy.
 *
 * <pre>{@code
 * Dataset<double[], String> data = CsvReader.doubles().label("species").read(Path.of("iris.csv"));
 * }</pre>
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #label(String) label}</td><td>the last column, as text</td></tr>
 * <tr><td>{@link #features(String...) features}</td><td>every column but the label</td></tr>
 * <tr><td>{@link #headerless() headerless}</td><td>the first line names the columns</td></tr>
 * <tr><td>{@link #skipLines(int) skipLines}</td><td>0</td></tr>
 * <tr><td>{@link #delimiter(char) delimiter}</td><td>comma</td></tr>
 * <tr><td>{@link #quote(char) quote}</td><td>double quote, doubled within a quoted field</td></tr>
 * <tr><td>{@link #charset(Charset) charset}</td><td>UTF-8</td></tr>
 * <tr><td>{@link #missing(MissingValues) missing}</td><td>an error</td></tr>
 * <tr><td>{@link #missingTexts(String...) missingTexts}</td><td>empty, NA, NaN</td></tr>
 * </table>
 *
 * <p>A file that is compressed with gzip is recognised by its content. Empty lines are skipped, and
 * so are blanks around a field that is not quoted. A table without a row is an error. The whole
 * table is held in memory.
 *
 * @param <X> the type of the inputs: the features of a row
 * @param <Y> the type of the labels
 */
public final class CsvReader<X, Y> {
  private final CsvLayout layout;
  private final CsvLayout.InputOf<X> input;
  private final CsvLayout.LabelOf<X, Y> label;

  private CsvReader(CsvLayout layout, CsvLayout.InputOf<X> input, CsvLayout.LabelOf<X, Y> label) {
    this.layout = layout;
    this.input = input;
    this.label = label;
  }

  /**
   * Starts from the defaults, with the features as 32-bit numbers, as most models take them.
   *
   * @return a reader whose labels are texts
   */
  public static CsvReader<float[], String> floats() {
    return starting(CsvRow::floats);
  }

  /**
   * Starts from the defaults, with the features as 64-bit numbers.
   *
   * @return a reader whose labels are texts
   */
  public static CsvReader<double[], String> doubles() {
    return starting(CsvRow::doubles);
  }

  /**
   * Starts from the defaults, with the features as the texts of their fields. Under {@link
   * MissingValues#NAN} a missing one keeps its text.
   *
   * @return a reader whose labels are texts
   */
  public static CsvReader<List<String>, String> texts() {
    return starting(CsvRow::texts);
  }

  private static <X> CsvReader<X, String> starting(CsvLayout.InputOf<X> input) {
    return new CsvReader<>(new CsvLayout(), input, (row, column, features) -> row.text(column));
  }

  /**
   * Takes the label from the column of this name.
   *
   * @param column a name of the header, case-sensitive
   * @return a changed copy
   */
  public CsvReader<X, Y> label(String column) {
    CsvColumn named = CsvColumn.named(column);
    return with(next -> next.label = named);
  }

  /**
   * Takes the label from the column at this position.
   *
   * @param column from 0; a negative number counts from the end, -1 is the last column
   * @return a changed copy
   */
  public CsvReader<X, Y> label(int column) {
    return with(next -> next.label = CsvColumn.at(column));
  }

  /**
   * Reads labels as whole numbers, as for numbered classes. A label with a fraction is an error.
   *
   * @return a changed copy
   */
  public CsvReader<X, Integer> intLabels() {
    return new CsvReader<>(layout, input, (row, column, features) -> row.wholeNumber(column));
  }

  /**
   * Reads labels as numbers, as for regression. A label that is not finite is an error.
   *
   * @return a changed copy
   */
  public CsvReader<X, Double> doubleLabels() {
    return new CsvReader<>(layout, input, (row, column, features) -> row.number(column));
  }

  /**
   * Reads a table that has no label: every column is a feature, and each row is its own label.
   *
   * @return a changed copy
   */
  public CsvReader<X, X> unlabelled() {
    CsvLayout next = layout.copy();
    next.labelled = false;
    return new CsvReader<>(next, input, (row, column, features) -> features);
  }

  /**
   * Takes the features from the columns of these names, in this order.
   *
   * @param columns names of the header, at least one, case-sensitive
   * @return a changed copy
   * @throws IllegalArgumentException if there is no name
   */
  public CsvReader<X, Y> features(String... columns) {
    return features(Arrays.stream(columns).map(CsvColumn::named).toList());
  }

  /**
   * Takes the features from the columns at these positions, in this order.
   *
   * @param columns at least one; from 0, a negative number counts from the end
   * @return a changed copy
   * @throws IllegalArgumentException if there is no position
   */
  public CsvReader<X, Y> features(int... columns) {
    return features(Arrays.stream(columns).mapToObj(CsvColumn::at).toList());
  }

  private CsvReader<X, Y> features(List<CsvColumn> columns) {
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("features needs at least one column, but there is none");
    }
    return with(next -> next.features = columns);
  }

  /**
   * Reads the first line as data: columns have positions, but no names.
   *
   * @return a changed copy
   */
  public CsvReader<X, Y> headerless() {
    return with(next -> next.header = false);
  }

  /**
   * Leaves out lines at the start of the file, before the header if there is one.
   *
   * @param lines at least 0
   * @return a changed copy
   * @throws IllegalArgumentException if {@code lines} is negative
   */
  public CsvReader<X, Y> skipLines(int lines) {
    if (lines < 0) {
      throw new IllegalArgumentException("skipLines must be at least 0, but was " + lines);
    }
    return with(next -> next.skipLines = lines);
  }

  /**
   * Sets what stands between two fields.
   *
   * @param delimiter for example {@code ';'} or {@code '\t'}
   * @return a changed copy
   * @throws IllegalArgumentException if it is a line break or the quote
   */
  public CsvReader<X, Y> delimiter(char delimiter) {
    return with(next -> next.format = next.format.builder().setDelimiter(delimiter).get());
  }

  /**
   * Sets what encloses a field that holds a delimiter, a quote or a line break.
   *
   * @param quote for example {@code '\''}
   * @return a changed copy
   * @throws IllegalArgumentException if it is a line break or the delimiter
   */
  public CsvReader<X, Y> quote(char quote) {
    return with(next -> next.format = next.format.builder().setQuote(quote).get());
  }

  /**
   * Sets how bytes become characters. Bytes that are no characters of it are an error, and a byte
   * order mark is skipped.
   *
   * @param charset the character set
   * @return a changed copy
   */
  public CsvReader<X, Y> charset(Charset charset) {
    Objects.requireNonNull(charset, "charset");
    return with(next -> next.charset = charset);
  }

  /**
   * Sets what happens to a field that holds no value. Only the columns that are read count.
   *
   * @param policy what to do
   * @return a changed copy
   */
  public CsvReader<X, Y> missing(MissingValues policy) {
    Objects.requireNonNull(policy, "policy");
    return with(next -> next.missing = policy);
  }

  /**
   * Sets which texts mean that there is no value.
   *
   * @param texts all of them, the empty one excepted, which always does; case does not matter
   * @return a changed copy
   */
  public CsvReader<X, Y> missingTexts(String... texts) {
    Set<String> all =
        Stream.concat(Stream.of(""), Arrays.stream(texts))
            .map(text -> text.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    return with(next -> next.missingTexts = all);
  }

  /**
   * Reads a file.
   *
   * @param file a table, plain or compressed with gzip
   * @return the rows in the order of the file
   * @throws MalformedDataException if the file does not hold such a table; the message names line,
   *     column and value
   * @throws IOException if the file cannot be read
   */
  public Dataset<X, Y> read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file.toString());
    }
  }

  /**
   * Reads a stream to its end, as of a class-path resource.
   *
   * @param in a table, plain or compressed with gzip; not closed
   * @param name how messages name it
   * @return the rows in the order of the stream
   * @throws MalformedDataException if the stream does not hold such a table; the message names
   *     line, column and value
   * @throws IOException if the stream cannot be read
   */
  public Dataset<X, Y> read(InputStream in, String name) throws IOException {
    return new CsvTable<>(layout, input, label, name).read(in);
  }

  /**
   * Returns every option with its value.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return "CsvReader" + layout;
  }

  private CsvReader<X, Y> with(Consumer<CsvLayout> change) {
    CsvLayout next = layout.copy();
    change.accept(next);
    return new CsvReader<>(next, input, label);
  }
}
