package io.vivace.core.data;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.jspecify.annotations.Nullable;

/** How a file is written and which of its columns are wanted; each reader owns one. */
final class CsvLayout {
  CSVFormat format =
      CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).setIgnoreSurroundingSpaces(true).get();
  Charset charset = StandardCharsets.UTF_8;
  int skipLines;
  boolean header = true;
  @Nullable List<CsvColumn> features;
  CsvColumn label = CsvColumn.LAST;
  boolean labelled = true;
  MissingValues missing = MissingValues.REJECT;
  Set<String> missingTexts = Set.of("", "na", "nan");

  /** Makes the input of a row from its feature columns. */
  @FunctionalInterface
  interface InputOf<X> {
    X parse(CsvRow row, List<Integer> columns) throws MalformedDataException;
  }

  /** Makes the label of a row; the input is there for tables that have no label. */
  @FunctionalInterface
  interface LabelOf<X, Y> {
    Y parse(CsvRow row, int column, X input) throws MalformedDataException;
  }

  CsvLayout copy() {
    CsvLayout copy = new CsvLayout();
    copy.format = format;
    copy.charset = charset;
    copy.skipLines = skipLines;
    copy.header = header;
    copy.features = features;
    copy.label = label;
    copy.labelled = labelled;
    copy.missing = missing;
    copy.missingTexts = missingTexts;
    return copy;
  }

  @Override
  public String toString() {
    return String.format(
        "[label=%s, features=%s, header=%s, skipLines=%d, delimiter='%s', quote=%s, charset=%s,"
            + " missing=%s, missingTexts=%s]",
        labelled ? label : "none",
        features == null ? "all but the label" : features,
        header,
        skipLines,
        format.getDelimiterString(),
        format.getQuoteCharacter() == null ? "none" : "'" + format.getQuoteCharacter() + "'",
        charset,
        missing,
        missingTexts.stream().sorted().toList());
  }
}
