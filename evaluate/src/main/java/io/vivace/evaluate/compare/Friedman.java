package io.vivace.evaluate.compare;

import io.vivace.evaluate.internal.Ranks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Friedman's test: several models on the same data sets, by their ranks on each, with what follows
 * if it rejects: Nemenyi's test of all pairs, or Holm's procedure against one model.
 *
 * <p>Rank 1 is the best; ties share their mean rank and the statistic is corrected for them. Where
 * all models tie on every data set, p is 1. Sources: Friedman 1937; Iman and Davenport 1980;
 * Demsar, "Statistical comparisons of classifiers over multiple data sets", 2006.
 */
public final class Friedman {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private final int datasets;
  private final double[] meanRanks;
  private final double chiSquared;

  private Friedman(double[][] losses) {
    datasets = losses.length;
    int models = losses[0].length;
    double[] sums = new double[models];
    double ties = 0;
    for (double[] row : losses) {
      Ranks ranks = Ranks.of(row);
      ties += ranks.tieTerm();
      for (int model = 0; model < models; model++) {
        sums[model] += ranks.values()[model];
      }
    }
    double k = models;
    double n = datasets;
    double squares = 0;
    for (double sum : sums) {
      double excess = sum - n * (k + 1) / 2;
      squares += excess * excess;
    }
    double untied = 1 - ties / (k * (k * k - 1) * n);
    chiSquared = squares == 0 ? 0 : 12 / (k * n * (k + 1)) * squares / untied;
    meanRanks = Arrays.stream(sums).map(sum -> sum / n).toArray();
  }

  /**
   * Compares figures of which higher is better.
   *
   * @param scores a row for each data set, at least 2, with a value for each model, at least 2;
   *     finite
   * @return the comparison
   * @throws IllegalArgumentException if there are too few, a row is ragged, or a value is not
   *     finite
   */
  public static Friedman ofScores(double[][] scores) {
    check(scores);
    return new Friedman(
        Arrays.stream(scores)
            .map(row -> Arrays.stream(row).map(score -> -score).toArray())
            .toArray(double[][]::new));
  }

  /**
   * Compares figures of which lower is better.
   *
   * @param losses a row for each data set, at least 2, with a value for each model, at least 2;
   *     finite
   * @return the comparison
   * @throws IllegalArgumentException if there are too few, a row is ragged, or a value is not
   *     finite
   */
  public static Friedman ofLosses(double[][] losses) {
    check(losses);
    return new Friedman(losses);
  }

  private static void check(double[][] rows) {
    if (rows.length < 2) {
      throw new IllegalArgumentException(
          "Friedman's test needs at least 2 data sets, but got " + rows.length);
    }
    for (int i = 0; i < rows.length; i++) {
      Samples.finite(rows[i], 2, "row " + i);
      Samples.sameLength(rows[0].length, rows[i].length, "row 0 and row " + i);
    }
  }

  /**
   * Returns the mean rank of each model, 1 the best.
   *
   * @return a copy
   */
  public double[] meanRanks() {
    return meanRanks.clone();
  }

  /**
   * Friedman's chi-squared with k - 1 degrees of freedom. Conservative on few data sets.
   *
   * @return the result
   */
  public TestResult test() {
    double p = ChiSquaredDistribution.of(models() - 1).survivalProbability(chiSquared);
    return new TestResult("Friedman chi-squared", chiSquared, p);
  }

  /**
   * Iman and Davenport's {@code F = (N-1) X / (N (k-1) - X)} with k - 1 and (k-1)(N-1) degrees of
   * freedom.
   *
   * @return the result; F is infinite where all data sets rank all models alike
   */
  public TestResult imanDavenport() {
    double k = models();
    double n = datasets;
    double rest = n * (k - 1) - chiSquared;
    boolean unanimous = rest <= 1e-12 * n * (k - 1);
    double f = unanimous ? Double.POSITIVE_INFINITY : (n - 1) * chiSquared / rest;
    double p = StudentT.upperTailOfF(f, k - 1, (k - 1) * (n - 1));
    return new TestResult("Friedman, Iman-Davenport F", f, p);
  }

  /**
   * Nemenyi's test of all pairs, by the studentised range; already for the whole family.
   *
   * @return a symmetric matrix of p-values with ones in the diagonal
   */
  public double[][] nemenyi() {
    StudentizedRange range = new StudentizedRange(models());
    return matrix(z -> range.survival(z * Math.sqrt(2)));
  }

  /**
   * The difference of mean ranks from which on Nemenyi's test rejects.
   *
   * @param alpha the level, in (0, 1)
   * @return {@code q_alpha / sqrt(2) * sqrt(k (k+1) / (6 N))}
   * @throws IllegalArgumentException if the level is out of range
   */
  public double criticalDifference(double alpha) {
    double q = new StudentizedRange(models()).upperQuantile(Samples.level(alpha, "alpha"));
    return q / Math.sqrt(2) * rankError();
  }

  /**
   * The groups of models that Nemenyi's test cannot tell apart: the bars of a critical-difference
   * diagram.
   *
   * @param alpha the level, in (0, 1)
   * @return the largest groups of two or more, the best first, each by ascending mean rank
   * @throws IllegalArgumentException if the level is out of range
   */
  public List<List<Integer>> groups(double alpha) {
    double critical = criticalDifference(alpha);
    List<Integer> order =
        IntStream.range(0, models())
            .boxed()
            .sorted((a, b) -> Double.compare(meanRanks[a], meanRanks[b]))
            .toList();
    List<List<Integer>> groups = new ArrayList<>();
    int reached = 0;
    for (int begin = 0; begin < order.size(); begin++) {
      int end = begin + 1;
      while (end < order.size()
          && meanRanks[order.get(end)] - meanRanks[order.get(begin)] < critical) {
        end++;
      }
      if (end > reached && end - begin > 1) {
        groups.add(order.subList(begin, end));
        reached = end;
      }
    }
    return List.copyOf(groups);
  }

  /**
   * Holm's procedure of all models against one, on the normal statistics of the mean ranks.
   *
   * @param control the index of the model to compare with
   * @return adjusted p-values; 1 for the control itself
   * @throws IndexOutOfBoundsException if there is no such model
   */
  public double[] holm(int control) {
    double[] others =
        IntStream.range(0, models())
            .filter(model -> model != control)
            .mapToDouble(model -> normal(Math.abs(meanRanks[model] - meanRanks[control])))
            .toArray();
    double[] adjusted = Correction.HOLM.adjust(others);
    double[] result = new double[models()];
    for (int model = 0, i = 0; model < result.length; model++) {
      result[model] = model == control ? 1 : adjusted[i++];
    }
    return result;
  }

  /**
   * Tests all pairs on the normal statistics of the mean ranks.
   *
   * @param correction for their number
   * @return a symmetric matrix of adjusted p-values with ones in the diagonal
   */
  public double[][] pairwise(Correction correction) {
    double[][] raw = matrix(z -> 2 * NORMAL.survivalProbability(z));
    int k = models();
    double[] pairs = new double[k * (k - 1) / 2];
    for (int a = 0, i = 0; a < k; a++) {
      for (int b = a + 1; b < k; b++) {
        pairs[i++] = raw[a][b];
      }
    }
    double[] adjusted = correction.adjust(pairs);
    for (int a = 0, i = 0; a < k; a++) {
      for (int b = a + 1; b < k; b++) {
        raw[a][b] = adjusted[i];
        raw[b][a] = adjusted[i++];
      }
    }
    return raw;
  }

  private double[][] matrix(DoubleUnaryOperator pValue) {
    double[][] matrix = new double[models()][models()];
    for (int a = 0; a < models(); a++) {
      matrix[a][a] = 1;
      for (int b = 0; b < a; b++) {
        double z = Math.abs(meanRanks[a] - meanRanks[b]) / rankError();
        matrix[a][b] = Math.min(1, pValue.applyAsDouble(z));
        matrix[b][a] = matrix[a][b];
      }
    }
    return matrix;
  }

  private double normal(double difference) {
    return Math.min(1, 2 * NORMAL.survivalProbability(difference / rankError()));
  }

  /** The standard error of the difference of two mean ranks. */
  private double rankError() {
    double k = models();
    return Math.sqrt(k * (k + 1) / (6 * datasets));
  }

  private int models() {
    return meanRanks.length;
  }

  @Override
  public String toString() {
    return "Friedman[datasets=%d, meanRanks=%s]".formatted(datasets, Arrays.toString(meanRanks));
  }
}
