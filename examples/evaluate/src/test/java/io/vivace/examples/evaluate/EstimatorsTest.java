package io.vivace.examples.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vivace.core.Estimator;
import io.vivace.core.FitContext;
import io.vivace.core.Predictor;
import io.vivace.core.data.Dataset;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The expected values are scikit-learn 1.9's, on the same rows with the same settings. */
class EstimatorsTest {
  private static final Offset<Double> CLOSE = within(1e-5);

  @Test
  void logisticRegression_equalsScikitLearn() throws IOException {
    Dataset<double[], Integer> cancer = Samples.breastCancer();
    Dataset<double[], Integer> digits = Samples.digits();

    assertThat(correct(new LogisticRegression(2, 0.01, 800), cancer, 400)).isEqualTo(164);
    assertThat(correct(new LogisticRegression(10, 0.01, 800), digits, 1200)).isEqualTo(549);
    double[] answer = answer(new LogisticRegression(2, 0.01, 800), cancer, 400, 5);
    assertThat(answer[1]).isCloseTo(0.9875783, CLOSE);
    double[] first = answer(new LogisticRegression(10, 0.01, 800), digits, 1200, 0);
    assertThat(first[7]).isCloseTo(0.943883818, CLOSE);
    assertThat(first[5]).isCloseTo(9.04553877e-04, CLOSE);
  }

  @Test
  void nearestNeighbors_equalScikitLearn() throws IOException {
    Dataset<double[], Integer> digits = Samples.digits();

    assertThat(correct(new NearestNeighbors(2, 5), Samples.breastCancer(), 400)).isEqualTo(163);
    assertThat(correct(new NearestNeighbors(10, 5), digits, 1200)).isEqualTo(562);
    double[] shares = answer(new NearestNeighbors(10, 5), digits, 1200, 2);
    assertThat(shares[3]).isCloseTo(0.4, within(1e-12));
    assertThat(shares[5]).isCloseTo(0.6, within(1e-12));
  }

  @Test
  void gaussianNaiveBayes_equalsScikitLearn() throws IOException {
    Dataset<double[], Integer> cancer = Samples.breastCancer();

    assertThat(correct(new GaussianNaiveBayes(2), cancer, 400)).isEqualTo(163);
    assertThat(correct(new GaussianNaiveBayes(10), Samples.digits(), 1200)).isEqualTo(488);
    double[] answer = answer(new GaussianNaiveBayes(2), cancer, 400, 5);
    assertThat(answer[0]).isCloseTo(9.19823597711016e-14, within(1e-20));
  }

  @Test
  void badInput_isNamed() throws IOException {
    Dataset<double[], Integer> cancer = Samples.breastCancer();
    FitContext<double[], Integer> stopped =
        FitContext.<double[], Integer>defaults().stopSignal(() -> true);

    assertThatThrownBy(() -> new NearestNeighbors(2, 5).fit(cancer.slice(0, 4)))
        .hasMessage("5 neighbours need as many examples, but there are 4");
    assertThatThrownBy(() -> new LogisticRegression(2, 0.01, 10).fit(cancer, stopped))
        .isInstanceOf(CancellationException.class);
    try (Predictor<double[], double[]> fitted = new NearestNeighbors(2, 5).fit(cancer)) {
      assertThatThrownBy(() -> fitted.predict(new double[3]))
          .hasMessageContaining("must have 30 features, but has 3");
    }
  }

  private static int correct(
      Estimator<double[], Integer, double[]> estimator, Dataset<double[], Integer> data, int cut) {
    try (Predictor<double[], double[]> fitted = estimator.fit(data.slice(0, cut))) {
      return (int)
          data.slice(cut, data.size()).stream()
              .filter(e -> largest(fitted.predict(e.input())) == e.label())
              .count();
    }
  }

  private static double[] answer(
      Estimator<double[], Integer, double[]> estimator,
      Dataset<double[], Integer> data,
      int cut,
      int row) {
    try (Predictor<double[], double[]> fitted = estimator.fit(data.slice(0, cut))) {
      return fitted.predict(data.get(cut + row).input());
    }
  }

  private static int largest(double[] values) {
    int largest = 0;
    for (int i = 1; i < values.length; i++) {
      largest = values[i] > values[largest] ? i : largest;
    }
    return largest;
  }
}
