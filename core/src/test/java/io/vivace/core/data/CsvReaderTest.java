package io.vivace.core.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvReaderTest {
  @TempDir Path folder;

  @Test
  void read_header_lastColumnIsTheLabel() throws IOException {
    Dataset<double[], String> data =
        read(CsvReader.doubles(), "w,h,kind\n1,2.5,cat\n-3e2,.5,dog\n");
    assertThat(data.inputs()).containsExactly(new double[] {1, 2.5}, new double[] {-300, 0.5});
    assertThat(data.labels()).containsExactly("cat", "dog");
  }

  @Test
  void read_floats_areNearestTo64Bits() throws IOException {
    assertThat(read(CsvReader.floats(), "a,b\n0.1,x\n").inputs())
        .containsExactly(new float[] {0.1f});
  }

  @Test
  void read_labelByName_takesTheOthersAsFeatures() throws IOException {
    Dataset<double[], String> data =
        read(CsvReader.doubles().label("kind"), "w,kind,h\n1,cat,2\n3,dog,4\n");
    assertThat(data.inputs()).containsExactly(new double[] {1, 2}, new double[] {3, 4});
    assertThat(data.labels()).containsExactly("cat", "dog");
  }

  @Test
  void read_labelByPosition_countsFromEitherEnd() throws IOException {
    String table = "a,b,c\n1,2,3\n";
    assertThat(read(CsvReader.doubles().label(0), table).labels()).containsExactly("1");
    assertThat(read(CsvReader.doubles().label(-2), table).labels()).containsExactly("2");
  }

  @Test
  void read_chosenFeatures_areInTheOrderAskedFor() throws IOException {
    String table = "a,b,c,d\n1,2,3,4\n";
    assertThat(read(CsvReader.doubles().features("c", "a"), table).inputs())
        .containsExactly(new double[] {3, 1});
    assertThat(read(CsvReader.doubles().features(1, -1, 1), table).inputs())
        .containsExactly(new double[] {2, 4, 2});
  }

  @Test
  void read_headerless_takesTheFirstLineAsData() throws IOException {
    Dataset<double[], Integer> data =
        read(CsvReader.doubles().headerless().intLabels(), "1,2,0\n3,4,1");
    assertThat(data.inputs()).containsExactly(new double[] {1, 2}, new double[] {3, 4});
    assertThat(data.labels()).containsExactly(0, 1);
  }

  @Test
  void read_numericLabels_areExact() throws IOException {
    String table = "a,y\n1,-2147483648\n1,2147483647\n";
    assertThat(read(CsvReader.doubles().intLabels(), table).labels())
        .containsExactly(Integer.MIN_VALUE, Integer.MAX_VALUE);
    assertThat(read(CsvReader.doubles().doubleLabels(), "a,y\n1,0.1\n").labels())
        .containsExactly(0.1);
  }

  @Test
  void read_unlabelled_takesEveryColumnAsFeature() throws IOException {
    Dataset<double[], double[]> data = read(CsvReader.doubles().unlabelled(), "a,b\n1,2\n");
    assertThat(data.inputs()).containsExactly(new double[] {1, 2});
    assertThat(data.labels()).isEqualTo(data.inputs());
  }

  @Test
  void read_texts_keepsFieldsAsTheyAre() throws IOException {
    Dataset<List<String>, String> data = read(CsvReader.texts(), "id,text,kind\n007,hello,spam\n");
    assertThat(data.inputs()).containsExactly(List.of("007", "hello"));
  }

  @Test
  void read_quotedFields_mayHoldDelimiterQuoteAndLineBreak() throws IOException {
    Dataset<List<String>, String> data =
        read(CsvReader.texts(), "text,kind\n\"a, \"\"b\"\"\nc\",x\n\" d \",y\n");
    assertThat(data.inputs()).containsExactly(List.of("a, \"b\"\nc"), List.of(" d "));
  }

  @Test
  void read_ownDialect_isFollowed() throws IOException {
    Dataset<List<String>, String> data =
        read(CsvReader.texts().delimiter(';').quote('\''), "a;b;c\n'x;y';\"z;1\n");
    assertThat(data.get(0)).isEqualTo(new Example<>(List.of("x;y", "\"z"), "1"));
    assertThat(read(CsvReader.doubles().delimiter('\t'), "a\tb\tc\n1\t2\tx\n").inputs())
        .containsExactly(new double[] {1, 2});
  }

  @Test
  void read_blanksAndEmptyLinesAndWindowsBreaks_doNotCount() throws IOException {
    Dataset<double[], String> data =
        read(CsvReader.doubles(), "\r\n a , b ,kind\r\n\r\n 1 , 2 , x \r\n\r\n3,4,y");
    assertThat(data.inputs()).containsExactly(new double[] {1, 2}, new double[] {3, 4});
    assertThat(data.labels()).containsExactly("x", "y");
  }

  @Test
  void read_skipLines_leavesOutThePreamble() throws IOException {
    String table = "150,4,\"not closed\nmade by hand\na,b\n1,x\n";
    assertThat(read(CsvReader.doubles().skipLines(2), table).labels()).containsExactly("x");
  }

  @Test
  void read_charset_isFollowed() throws IOException {
    byte[] latin = "a,b\n1,caf\u00e9\n".getBytes(ISO_8859_1);
    assertThat(read(CsvReader.doubles().charset(ISO_8859_1), latin).labels())
        .containsExactly("caf\u00e9");
    byte[] wide = "a,b\n1,caf\u00e9\n".getBytes(UTF_16);
    assertThat(read(CsvReader.doubles().charset(UTF_16), wide).labels())
        .containsExactly("caf\u00e9");
  }

  @Test
  void read_byteOrderMark_isSkipped() throws IOException {
    assertThat(read(CsvReader.doubles().features("a"), "\ufeffa,b\n1,x\n").labels())
        .containsExactly("x");
  }

  @Test
  void read_gzip_isRecognisedByContent() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write("a,b\n1,x\n".getBytes(UTF_8));
    }
    Path file = Files.write(folder.resolve("table.csv"), packed.toByteArray());
    assertThat(CsvReader.doubles().read(file).labels()).containsExactly("x");
  }

  @Test
  void read_missingAsNaN_putsNaNInFeatures() throws IOException {
    Dataset<double[], String> data =
        read(CsvReader.doubles().missing(MissingValues.NAN), "a,b,c,y\n,NA,nan,x\n1,2,3,z\n");
    assertThat(data.inputs())
        .containsExactly(new double[] {Double.NaN, Double.NaN, Double.NaN}, new double[] {1, 2, 3});
    assertThat(read(CsvReader.floats().missing(MissingValues.NAN), "a,y\n \t,x\n").inputs())
        .containsExactly(new float[] {Float.NaN});
  }

  @Test
  void read_missingDropped_leavesOutRowsThatMissAFeatureOrTheLabel() throws IOException {
    CsvReader<double[], String> reader =
        CsvReader.doubles().features("a").missing(MissingValues.DROP_ROW).missingTexts("?");
    Dataset<double[], String> data = read(reader, "a,unused,y\n1,?,x\n?,2,x\n3,3,\n4,4,NA\n");
    assertThat(data.inputs()).containsExactly(new double[] {1}, new double[] {4});
    assertThat(data.labels()).containsExactly("x", "NA");
  }

  @Test
  void read_missingInAnUnusedColumn_doesNotCount() throws IOException {
    assertThat(read(CsvReader.doubles().features("a"), "a,unused,y\n1,,x\n").size()).isEqualTo(1);
  }

  @Test
  void options_changed_leaveTheReaderAsItWas() throws IOException {
    CsvReader<double[], String> reader = CsvReader.doubles();
    String before = reader.toString();
    reader.headerless().delimiter(';').label(0).skipLines(3).missing(MissingValues.NAN);
    assertThat(reader).hasToString(before);
    assertThat(read(reader, "a,b\n1,x\n").labels()).containsExactly("x");
  }

  @Test
  void toString_anyReader_printsEveryOption() {
    assertThat(CsvReader.floats().features("a", "b").label(0).quote('\''))
        .hasToString(
            "CsvReader[label=0, features=[\"a\", \"b\"], header=true, skipLines=0, delimiter=',',"
                + " quote=''', charset=UTF-8, missing=REJECT, missingTexts=[, na, nan]]");
  }

  private static <X, Y> Dataset<X, Y> read(CsvReader<X, Y> reader, String table)
      throws IOException {
    return read(reader, table.getBytes(UTF_8));
  }

  private static <X, Y> Dataset<X, Y> read(CsvReader<X, Y> reader, byte[] table)
      throws IOException {
    return reader.read(new ByteArrayInputStream(table), "table.csv");
  }
}
