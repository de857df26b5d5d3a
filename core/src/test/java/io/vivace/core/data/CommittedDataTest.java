package io.vivace.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The data sets of {@code data/NOTICE}; the expected figures were computed with numpy. */
class CommittedDataTest {
  /** Sums of some thousand numbers in two orders of addition. */
  private static final double TOLERANCE = 1e-9;

  @ParameterizedTest
  @CsvSource({
    "iris.csv, 2734, f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449",
    "wine_data.csv, 11157, 10e8a802908b34f86e5da8ce962f3c806694bc98450a18f61851af59f324bede",
    "breast_cancer.csv, 119913, fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed",
    "digits.csv.gz, 57512, 46abec6b12486ad9e51943373abcf22bbea1b5a51a1619b361570d8893f1464a",
    "diabetes_data_raw.csv.gz, 7087,"
        + " fc08fc59c1cbfe65550d9ebb36321d505de9e8f004bf92c1566d2908962f08ff",
    "diabetes_target.csv.gz, 1044,"
        + " bf1ddd1f9d377278450a5f02c24b5e77b1501f2ad673fe9fdf4c4090d27eb5cc",
  })
  void file_committed_isTheOneOfTheNotice(String name, long bytes, String sha256)
      throws IOException, NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (InputStream in = new DigestInputStream(open(name), digest)) {
      assertThat(in.readAllBytes()).hasSize((int) bytes);
    }
    assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(sha256);
  }

  @ParameterizedTest
  @CsvSource({
    "iris.csv, 150, 4, 50, 5.843333333333334, 0.7596926279021594, 3.4644999999999997",
    "wine_data.csv, 178, 13, 59, 13.00061797752809, 314.0216568419878, 69.13366292091617",
    "breast_cancer.csv, 569, 30, 212, 14.127291739894552, 0.01804538930859499,"
        + " 61.89071233951964",
  })
  void read_tableOfScikitLearn_equalsNumpy(
      String name, int rows, int features, int zeros, double first, double last, double mean)
      throws IOException {
    Dataset<double[], Integer> data =
        read(name, CsvReader.doubles().skipLines(1).headerless().intLabels());
    assertThat(data.size()).isEqualTo(rows);
    assertThat(data.labels().stream().filter(label -> label == 0)).hasSize(zeros);
    assertFeatures(data.inputs(), features, first, last, mean);
  }

  @Test
  void read_digits_equalsNumpy() throws IOException {
    Dataset<float[], Integer> data =
        read("digits.csv.gz", CsvReader.floats().headerless().intLabels());
    assertThat(data.size()).isEqualTo(1_797);
    for (int digit = 0; digit < 10; digit++) {
      int wanted = digit;
      assertThat(data.labels().stream().filter(label -> label == wanted))
          .hasSize(List.of(178, 182, 177, 183, 181, 182, 181, 179, 174, 180).get(digit));
    }
    List<double[]> inputs = data.mapInputs(CommittedDataTest::widened).inputs();
    assertFeatures(inputs, 64, 0, 1.8596040873906479, 4.884164579855314);
  }

  @Test
  void read_diabetes_joinsFeaturesAndTarget() throws IOException {
    CsvReader<double[], double[]> reader =
        CsvReader.doubles().headerless().delimiter(' ').unlabelled();
    List<double[]> inputs = read("diabetes_data_raw.csv.gz", reader).inputs();
    List<double[]> targets = read("diabetes_target.csv.gz", reader).inputs();
    Dataset<double[], Double> data = Dataset.of(inputs, targets).mapLabels(row -> row[0]);
    assertThat(data.size()).isEqualTo(442);
    assertThat(data.labels().stream().mapToDouble(Double::doubleValue).average().orElseThrow())
        .isCloseTo(152.13348416289594, within(TOLERANCE));
    assertFeatures(inputs, 10, 48.51809954751131, 11.48332247173548, 62.534894479638005);
  }

  /** The mean of the first column, the deviation of the last one and the mean of all cells. */
  private static void assertFeatures(
      List<double[]> rows, int features, double first, double last, double mean) {
    assertThat(rows).allMatch(row -> row.length == features);
    double n = rows.size();
    double all = rows.stream().flatMapToDouble(java.util.Arrays::stream).sum();
    double lastMean = rows.stream().mapToDouble(row -> row[features - 1]).sum() / n;
    double variance =
        rows.stream().mapToDouble(row -> Math.pow(row[features - 1] - lastMean, 2)).sum() / n;
    assertThat(rows.stream().mapToDouble(row -> row[0]).sum() / n)
        .isCloseTo(first, within(TOLERANCE));
    assertThat(Math.sqrt(variance)).isCloseTo(last, within(TOLERANCE));
    assertThat(all / n / features).isCloseTo(mean, within(TOLERANCE));
  }

  private static double[] widened(float[] row) {
    double[] wide = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      wide[i] = row[i];
    }
    return wide;
  }

  private static <X, Y> Dataset<X, Y> read(String name, CsvReader<X, Y> reader) throws IOException {
    try (InputStream in = open(name)) {
      return reader.read(in, name);
    }
  }

  private static InputStream open(String name) {
    return Objects.requireNonNull(
        CommittedDataTest.class.getResourceAsStream("/data/" + name), name);
  }
}
