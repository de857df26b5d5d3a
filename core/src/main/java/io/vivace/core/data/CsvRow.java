package io.vivace.core.data;

import io.vivace.core.data.CsvColumn.CsvHeader;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.csv.CSVRecord;

/** One row, and where it stands: every fault names file, line, column and value. */
record CsvRow(
    String source, long lastLine, CsvHeader header, Set<String> missing, CSVRecord values) {
  void checkWidth() throws MalformedDataException {
    if (values.size() != header.width()) {
      throw new MalformedDataException(
          String.format(
              "%s, line %d: must have %d fields, as the first line has, but has %d",
              source, firstLine(), header.width(), values.size()));
    }
  }

  /** Column -1 stands for no column, which misses nothing. */
  boolean isMissing(int column) {
    return column >= 0 && missing.contains(text(column).toLowerCase(Locale.ROOT));
  }

  boolean isAnyMissing(List<Integer> columns) {
    return columns.stream().anyMatch(this::isMissing);
  }

  void requireValues(List<Integer> columns) throws MalformedDataException {
    for (int column : columns) {
      if (isMissing(column)) {
        throw fault(
            column, "must have a value, or missing values be allowed: see CsvReader.missing");
      }
    }
  }

  String text(int column) {
    return values.get(column);
  }

  /** Returns a finite number, or NaN where the value is missing. */
  double number(int column) throws MalformedDataException {
    if (isMissing(column)) {
      return Double.NaN;
    }
    String text = text(column);
    try {
      double value = Double.parseDouble(text);
      // Java's own notations, 1d and 0x1p3, are no numbers in a data file.
      boolean plain = Character.isDigit(text.charAt(text.length() - 1)) || text.endsWith(".");
      if (Double.isFinite(value) && plain && text.indexOf('x') < 0 && text.indexOf('X') < 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Reported below, as any other text that is no number.
    }
    throw fault(column, "must be a finite number");
  }

  int wholeNumber(int column) throws MalformedDataException {
    double value = number(column);
    if (value != (int) value) {
      throw fault(column, "must be a whole number of at most 32 bits");
    }
    return (int) value;
  }

  float[] floats(List<Integer> columns) throws MalformedDataException {
    float[] row = new float[columns.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) number(columns.get(i));
      if (Float.isInfinite(row[i])) {
        throw fault(columns.get(i), "must fit a 32-bit float");
      }
    }
    return row;
  }

  double[] doubles(List<Integer> columns) throws MalformedDataException {
    double[] row = new double[columns.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = number(columns.get(i));
    }
    return row;
  }

  List<String> texts(List<Integer> columns) {
    return columns.stream().map(this::text).toList();
  }

  /** A quoted field may hold line breaks. */
  private long firstLine() {
    long breaks =
        values.stream().mapToLong(value -> value.chars().filter(c -> c == '\n').count()).sum();
    return lastLine - breaks;
  }

  MalformedDataException fault(int column, String rule) {
    return new MalformedDataException(
        String.format(
            "%s, line %d, column %s: %s, but was \"%s\"",
            source, firstLine(), header.name(column), rule, text(column)));
  }
}
