package io.vivace.core.data;

import io.vivace.core.data.CsvColumn.CsvHeader;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.ZipException;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** One reading of one table. */
final class CsvTable<X, Y> {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final CsvLayout layout;
  private final CsvLayout.InputOf<X> inputOf;
  private final CsvLayout.LabelOf<X, Y> labelOf;
  private final String source;
  private final List<X> inputs = new ArrayList<>();
  private final List<Y> labels = new ArrayList<>();
  private long rows;

  CsvTable(
      CsvLayout layout,
      CsvLayout.InputOf<X> inputOf,
      CsvLayout.LabelOf<X, Y> labelOf,
      String source) {
    this.layout = layout;
    this.inputOf = inputOf;
    this.labelOf = labelOf;
    this.source = source;
  }

  Dataset<X, Y> read(InputStream in) throws IOException {
    try {
      BufferedReader text =
          new BufferedReader(
              new InputStreamReader(DataStreams.plain(in, source), layout.charset.newDecoder()));
      skipStart(text);
      // The parser is not closed, since that would close the caller's stream.
      readRows(CSVParser.builder().setReader(text).setFormat(layout.format).get());
    } catch (UncheckedIOException e) {
      throw explained(Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw explained(e);
    }
    if (inputs.isEmpty()) {
      throw new MalformedDataException(
          String.format(
              "%s: there must be at least one row, but %s",
              source,
              rows == 0 ? "there is none" : "all " + rows + " miss a value and are dropped"));
    }
    return Dataset.of(inputs, labels);
  }

  private IOException explained(IOException e) {
    if (e instanceof CharacterCodingException) {
      return new MalformedDataException(
          source + ": holds bytes that are no " + layout.charset + " text; name its charset", e);
    }
    if (e instanceof EOFException || e instanceof ZipException || e instanceof CSVException) {
      return new MalformedDataException(source + ": is cut short or damaged: " + e.getMessage(), e);
    }
    return e;
  }

  private void skipStart(BufferedReader text) throws IOException {
    text.mark(1);
    if (text.read() != BYTE_ORDER_MARK) {
      text.reset();
    }
    for (int i = 0; i < layout.skipLines; i++) {
      text.readLine();
    }
  }

  private void readRows(CSVParser parser) throws IOException {
    Iterator<CSVRecord> records = parser.iterator();
    CsvHeader header = layout.header && records.hasNext() ? named(records.next()) : null;
    Chosen chosen = header == null ? null : choose(header);
    while (records.hasNext()) {
      CSVRecord values = records.next();
      if (header == null || chosen == null) {
        header = new CsvHeader(List.of(), values.size());
        chosen = choose(header);
      }
      long line = parser.getCurrentLineNumber() + layout.skipLines;
      rows++;
      add(new CsvRow(source, line, header, layout.missingTexts, values), chosen);
    }
  }

  private CsvHeader named(CSVRecord names) throws MalformedDataException {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new MalformedDataException(
            String.format("%s: the header names two columns \"%s\"", source, name));
      }
    }
    return new CsvHeader(names.toList(), names.size());
  }

  /** Where the wanted columns stand; the label is -1 where there is none. */
  private record Chosen(List<Integer> features, int label) {}

  private Chosen choose(CsvHeader header) throws MalformedDataException {
    int label = layout.labelled ? layout.label.resolve(source, header) : -1;
    List<Integer> features = new ArrayList<>();
    if (layout.features == null) {
      IntStream.range(0, header.width()).filter(i -> i != label).forEach(features::add);
    } else {
      for (CsvColumn column : layout.features) {
        features.add(column.resolve(source, header));
      }
    }
    return new Chosen(List.copyOf(features), label);
  }

  private void add(CsvRow row, Chosen chosen) throws MalformedDataException {
    row.checkWidth();
    if (layout.missing == MissingValues.DROP_ROW
        && (row.isMissing(chosen.label) || row.isAnyMissing(chosen.features))) {
      return;
    }
    if (layout.missing != MissingValues.NAN) {
      row.requireValues(chosen.features);
    }
    if (layout.labelled) {
      row.requireValues(List.of(chosen.label));
    }
    X input = inputOf.parse(row, chosen.features);
    inputs.add(input);
    labels.add(labelOf.parse(row, chosen.label, input));
  }
}
