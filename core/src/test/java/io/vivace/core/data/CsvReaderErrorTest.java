package io.vivace.core.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvReaderErrorTest {
  @Test
  void read_noNumber_namesFileLineColumnAndValue() {
    fails(CsvReader.doubles(), "w,h,kind\n1,2,cat\n3,tall,dog\n")
        .hasMessage("table.csv, line 3, column \"h\": must be a finite number, but was \"tall\"");
  }

  @Test
  void read_noNumberAfterOddLines_namesTheLineWhereTheRowStarts() {
    fails(
            CsvReader.doubles().skipLines(1).features("w"),
            "# made\n\nw,note,kind\n1,\"two\nlines\",cat\n\nx,\"a\nb\nc\",dog\n")
        .hasMessageContaining("line 7,")
        .hasMessageContaining("\"x\"");
  }

  @Test
  void read_noNumberInALastLineWithoutBreak_namesThatLine() {
    fails(CsvReader.doubles().headerless(), "1,a\n2,b\nx,c")
        .hasMessageContaining("line 3, column 0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1e999", "-Infinity", "0x1p3", "1d", "2f", "1,5", "--1", "1 2", "\u0661", "1_000"})
  void read_whatIsNoPlainFiniteNumber_isRefused(String text) {
    fails(CsvReader.doubles(), "a,y\n\"" + text + "\",x\n")
        .hasMessageContaining("must be a finite number, but was \"" + text + '"');
  }

  @Test
  void read_numberTooLargeForFloat_isRefused() {
    fails(CsvReader.floats(), "a,y\n1e39,x\n").hasMessageContaining("32-bit float");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5", "3000000000", "cat"})
  void read_labelThatIsNoInt_isRefused(String label) {
    fails(CsvReader.doubles().intLabels(), "a,y\n1," + label + "\n")
        .hasMessageContaining("line 2, column \"y\"")
        .hasMessageContaining(label);
  }

  @Test
  void read_raggedRow_namesLineAndBothWidths() {
    fails(CsvReader.doubles(), "a,b,y\n1,2,x\n3,4\n")
        .hasMessageContaining("line 3")
        .hasMessageContaining("must have 3 fields")
        .hasMessageContaining("has 2");
    fails(CsvReader.doubles().headerless(), "1,2\n3,4,5\n").hasMessageContaining("line 2");
  }

  @Test
  void read_unknownColumn_listsThoseThereAre() {
    fails(CsvReader.doubles().label("size"), "a,b\n1,2\n")
        .hasMessage("table.csv: no column \"size\"; there is: [a, b]");
    fails(CsvReader.doubles().features("A"), "a,b\n1,2\n").hasMessageContaining("\"A\"");
    fails(CsvReader.doubles().label(2), "a,b\n1,2\n").hasMessageContaining("no column 2");
    fails(CsvReader.doubles().label(-3), "a,b\n1,2\n").hasMessageContaining("no column -3");
  }

  @Test
  void read_columnNamedInAHeaderlessFile_saysThatThereAreNoNames() {
    fails(CsvReader.doubles().headerless().label("a"), "1,2\n").hasMessageContaining("headerless");
  }

  @Test
  void read_twoColumnsOfOneName_isRefused() {
    fails(CsvReader.doubles(), "a,b,a\n1,2,3\n").hasMessageContaining("two columns \"a\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "a,b\n", "a,b"})
  void read_noRow_isRefused(String table) {
    fails(CsvReader.doubles(), table).hasMessageContaining("at least one row, but there is none");
  }

  @Test
  void read_moreLinesSkippedThanThereAre_isRefused() {
    fails(CsvReader.doubles().skipLines(9), "a,b\n1,x\n").hasMessageContaining("at least one row");
  }

  @Test
  void read_everyRowDropped_isRefused() {
    fails(CsvReader.doubles().missing(MissingValues.DROP_ROW), "a,b\n,x\n,y\n")
        .hasMessageContaining("all 2 miss a value");
  }

  @Test
  void read_missingValue_isRefusedByDefault() {
    fails(CsvReader.doubles(), "a,b,y\n1,NA,x\n")
        .hasMessageContaining("line 2, column \"b\": must have a value")
        .hasMessageContaining("\"NA\"");
    fails(CsvReader.doubles(), "a,y\n1,\n").hasMessageContaining("column \"y\"");
  }

  @Test
  void read_missingLabel_isRefusedEvenAsNaN() {
    fails(CsvReader.doubles().doubleLabels().missing(MissingValues.NAN), "a,y\n1,\n")
        .hasMessageContaining("column \"y\": must have a value");
  }

  @Test
  void read_quoteNotClosed_isRefused() {
    fails(CsvReader.texts(), "a,y\n\"open,x\n1,y\n").hasMessageContaining("table.csv");
  }

  @Test
  void read_textAfterAQuote_isRefused() {
    fails(CsvReader.texts(), "a,y\n\"b\"c,x\n").hasMessageContaining("table.csv");
  }

  @Test
  void read_wrongCharset_isRefusedAndNamesIt() {
    assertMalformed(CsvReader.doubles(), "a,b\n1,caf\u00e9\n".getBytes(ISO_8859_1))
        .hasMessageContaining("UTF-8");
  }

  @Test
  void read_gzipCutShort_isRefused() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write("a,b\n1,x\n2,y\n".getBytes(UTF_8));
    }
    byte[] all = packed.toByteArray();
    for (int length = 2; length < all.length; length++) {
      assertMalformed(CsvReader.doubles(), Arrays.copyOf(all, length))
          .hasMessageContaining("table.csv");
    }
  }

  @Test
  void read_gzipDamaged_isRefused() {
    assertMalformed(CsvReader.doubles(), new byte[] {0x1f, (byte) 0x8b, 9, 9, 9, 9, 9, 9, 9, 9, 9})
        .hasMessageContaining("table.csv");
  }

  @Test
  void read_noFile_saysSo() {
    assertThatThrownBy(() -> CsvReader.doubles().read(Path.of("no-such-file.csv")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("no-such-file.csv");
  }

  @Test
  void options_badValue_isRefusedAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CsvReader.doubles().skipLines(-1))
        .withMessageContaining("-1");
    assertThatIllegalArgumentException().isThrownBy(() -> CsvReader.doubles().features(new int[0]));
    assertThatIllegalArgumentException().isThrownBy(() -> CsvReader.doubles().delimiter('\n'));
    assertThatIllegalArgumentException().isThrownBy(() -> CsvReader.doubles().delimiter('"'));
    assertThatIllegalArgumentException().isThrownBy(() -> CsvReader.doubles().quote(','));
  }

  private static AbstractThrowableAssert<?, ?> fails(CsvReader<?, ?> reader, String table) {
    return assertMalformed(reader, table.getBytes(UTF_8));
  }

  private static AbstractThrowableAssert<?, ?> assertMalformed(
      CsvReader<?, ?> reader, byte[] table) {
    return assertThatThrownBy(() -> reader.read(new ByteArrayInputStream(table), "table.csv"))
        .isInstanceOf(MalformedDataException.class);
  }
}
