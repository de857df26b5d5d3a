package io.vivace.evaluate;

import io.vivace.core.Estimator;
import io.vivace.core.Predictor;
import io.vivace.core.data.Dataset;
import io.vivace.core.data.Example;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Estimators that are simple enough to be the same everywhere. */
public final class TestEstimators {
  private TestEstimators() {}

  /** Answers the most frequent label, of equally frequent ones the lowest. */
  public static Estimator<double[], Integer, Integer> majority() {
    return (training, context) -> {
      Map<Integer, Long> counts =
          training.labels().stream()
              .collect(
                  Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
      Integer most =
          counts.entrySet().stream()
              .max(
                  Map.Entry.<Integer, Long>comparingByValue()
                      .thenComparing(Map.Entry.<Integer, Long>comparingByKey().reversed()))
              .orElseThrow()
              .getKey();
      return Predictor.of(input -> most);
    };
  }

  /** Answers the class whose mean is nearest. */
  public static Estimator<double[], Integer, Integer> nearestCentroid() {
    return (training, context) -> {
      Map<Integer, double[]> means = new TreeMap<>();
      byClass(training).forEach((label, rows) -> means.put(label, mean(rows)));
      return Predictor.of(
          input ->
              means.entrySet().stream()
                  .min(Comparator.comparingDouble(each -> distance(each.getValue(), input)))
                  .orElseThrow()
                  .getKey());
    };
  }

  /** Gaussian naive Bayes: answers the probability of each of the classes. */
  public static Estimator<double[], Integer, double[]> bayes(int classes, double smoothing) {
    return (training, context) -> {
      double epsilon = smoothing * Arrays.stream(variance(training.inputs())).max().orElseThrow();
      Map<Integer, List<double[]>> rows = byClass(training);
      double[][] means = new double[classes][];
      double[][] variances = new double[classes][];
      double[] priors = new double[classes];
      rows.forEach(
          (label, members) -> {
            means[label] = mean(members);
            variances[label] = Arrays.stream(variance(members)).map(v -> v + epsilon).toArray();
            priors[label] = (double) members.size() / training.size();
          });
      return Predictor.of(input -> probabilities(input, means, variances, priors));
    };
  }

  private static double[] probabilities(
      double[] input, double[][] means, double[][] variances, double[] priors) {
    double[] logs = new double[priors.length];
    for (int c = 0; c < logs.length; c++) {
      logs[c] = Double.NEGATIVE_INFINITY;
      if (priors[c] > 0) {
        logs[c] = Math.log(priors[c]);
        for (int j = 0; j < input.length; j++) {
          double d = input[j] - means[c][j];
          logs[c] -= 0.5 * (Math.log(2 * Math.PI * variances[c][j]) + d * d / variances[c][j]);
        }
      }
    }
    double top = Arrays.stream(logs).max().orElseThrow();
    double[] shares = Arrays.stream(logs).map(log -> Math.exp(log - top)).toArray();
    double sum = Arrays.stream(shares).sum();
    return Arrays.stream(shares).map(share -> share / sum).toArray();
  }

  /** Answers the mean of the k nearest. */
  public static Estimator<double[], Double, Double> neighbours(int k) {
    return (training, context) ->
        Predictor.of(
            input ->
                training.stream()
                    .sorted(Comparator.comparingDouble(each -> distance(each.input(), input)))
                    .limit(k)
                    .mapToDouble(Example::label)
                    .average()
                    .orElseThrow());
  }

  private static Map<Integer, List<double[]>> byClass(Dataset<double[], Integer> data) {
    return data.stream()
        .collect(
            Collectors.groupingBy(
                Example::label,
                TreeMap::new,
                Collectors.mapping(Example::input, Collectors.toList())));
  }

  private static double[] mean(List<double[]> rows) {
    return IntStream.range(0, rows.get(0).length)
        .mapToDouble(j -> rows.stream().mapToDouble(row -> row[j]).average().orElseThrow())
        .toArray();
  }

  private static double[] variance(List<double[]> rows) {
    double[] mean = mean(rows);
    return IntStream.range(0, mean.length)
        .mapToDouble(
            j ->
                rows.stream()
                    .mapToDouble(row -> (row[j] - mean[j]) * (row[j] - mean[j]))
                    .average()
                    .orElseThrow())
        .toArray();
  }

  private static double distance(double[] left, double[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += (left[i] - right[i]) * (left[i] - right[i]);
    }
    return sum;
  }
}
