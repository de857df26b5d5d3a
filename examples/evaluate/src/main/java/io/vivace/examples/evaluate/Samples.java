package io.vivace.examples.evaluate;

import io.vivace.core.data.CsvReader;
import io.vivace.core.data.Dataset;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** The data sets that come with this example. */
final class Samples {
  private Samples() {}

  /** 569 tumours: 30 measures, 0 is malignant and 1 is benign. */
  static Dataset<double[], Integer> breastCancer() throws IOException {
    try (InputStream in = open("breast_cancer.csv")) {
      return CsvReader.doubles()
          .headerless()
          .skipLines(1)
          .label(30)
          .intLabels()
          .read(in, "breast_cancer.csv");
    }
  }

  /** 1,797 handwritten digits: 64 pixels from 0 to 16, labels 0 to 9. */
  static Dataset<double[], Integer> digits() throws IOException {
    try (InputStream in = new GZIPInputStream(open("digits.csv.gz"))) {
      return CsvReader.doubles().headerless().label(64).intLabels().read(in, "digits.csv");
    }
  }

  private static InputStream open(String name) {
    return Objects.requireNonNull(Samples.class.getResourceAsStream("/data/" + name), name);
  }
}
