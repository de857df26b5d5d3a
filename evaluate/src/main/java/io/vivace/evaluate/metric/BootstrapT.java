package io.vivace.evaluate.metric;

import java.util.Arrays;

/**
 * The bootstrap-t interval of a mean: Student's interval with quantiles of {@code (mean* - mean) /
 * error*} over samples, in place of those of the t distribution, so that it leans to the side of
 * the long tail. Source: Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapter
 * 12.
 */
final class BootstrapT {
  private static final String METHOD = "bootstrap t";
  private static final int SAMPLES = 1000;
  private static final long SEED = 42;

  /** With fewer rows samples are too much alike, with more the t distribution does as well. */
  private static final int FEWEST_ROWS = 10;

  private static final int MOST_ROWS = 10_000;

  private BootstrapT() {}

  static Interval ofMean(double[] values, double level) {
    int n = values.length;
    Interval student = Analytic.ofMean(values, level);
    if (n < FEWEST_ROWS || n > MOST_ROWS || !(student.width() > 0)) {
      return student;
    }
    double mean = student.lower() + student.width() / 2;
    double[] centred = Arrays.stream(values).map(value -> value - mean).toArray();
    double error = error(squares(centred), n);
    int threads = Runtime.getRuntime().availableProcessors();
    double[] ratios =
        Replicates.drawn(times -> ratio(centred, times), Draws.plain(n), n, SAMPLES, SEED, threads);
    double[] sorted = Arrays.stream(ratios).filter(Double::isFinite).sorted().toArray();
    if (sorted.length < level * SAMPLES) { // samples of rows that are all alike are no rarity
      return student;
    }
    double tail = (1 - level) / 2;
    return new Interval(
        mean - error * BootstrapMethod.quantile(sorted, 1 - tail),
        mean - error * BootstrapMethod.quantile(sorted, tail),
        level,
        METHOD);
  }

  private static double squares(double[] centred) {
    double sum = 0;
    for (double value : centred) {
      sum += value * value;
    }
    return sum;
  }

  private static double error(double squares, int n) {
    return Math.sqrt(squares / (n - 1.0) / n);
  }

  /** A sample's mean over its standard error; infinite where all rows drawn are alike. */
  private static double ratio(double[] centred, int[] times) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < times.length; i++) {
      double part = times[i] * centred[i];
      sum += part;
      squares += part * centred[i];
    }
    int n = times.length;
    double mean = sum / n;
    return mean / error(Math.max(0, squares - n * mean * mean), n);
  }
}
