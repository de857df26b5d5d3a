package io.vivace.examples.benchmarks;

import io.vivace.evaluate.metric.Batch;
import io.vivace.evaluate.metric.Bootstrap;
import io.vivace.evaluate.metric.ClassificationMetrics;
import io.vivace.evaluate.metric.ClusteringMetrics;
import io.vivace.evaluate.metric.Clusters;
import io.vivace.evaluate.metric.Labels;
import io.vivace.evaluate.metric.Metric;
import io.vivace.evaluate.metric.RankingMetrics;
import io.vivace.evaluate.metric.Rankings;
import io.vivace.evaluate.metric.RegressionMetrics;
import io.vivace.evaluate.metric.Scores;
import io.vivace.evaluate.metric.Values;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/** Coverage of resampled intervals. True values are known, or those of half a million rows. */
final class BootstrapCoverage {
  private static final int REPETITIONS = 2000;
  private static final int MANY = 500_000;
  private static final Bootstrap[] METHODS = {
    Bootstrap.percentile(), Bootstrap.basic(), Bootstrap.bca()
  };

  private final Simulation simulation;

  BootstrapCoverage(Simulation simulation) {
    this.simulation = simulation;
  }

  /** Draws rows. */
  private interface Source<B> {
    B draw(SplittableRandom random, int rows);
  }

  void run() {
    for (int n : new int[] {100, 1000}) {
      int slow = n == 100 ? REPETITIONS : REPETITIONS / 2;
      methods(ClassificationMetrics.ACCURACY, BootstrapCoverage::labels, n, REPETITIONS);
      methods(ClassificationMetrics.ROC_AUC, BootstrapCoverage::scores, n, REPETITIONS);
      methods(RegressionMetrics.MAE, BootstrapCoverage::values, n, REPETITIONS);
      methods(RankingMetrics.NDCG, BootstrapCoverage::rankings, n, REPETITIONS);
      methods(ClassificationMetrics.F1, BootstrapCoverage::labels, n, slow);
      methods(RegressionMetrics.MEDIAN_AE, BootstrapCoverage::values, n, slow);
      methods(RegressionMetrics.R2, BootstrapCoverage::values, n, slow);
      losses(n, slow, "normal errors", SplittableRandom::nextGaussian, Math.sqrt(2 / Math.PI), 1);
      losses(n, slow, "Laplace errors", AnalyticCoverage::laplace, 1, 2);
      losses(
          n,
          slow,
          "log-normal errors",
          random -> Math.exp(random.nextGaussian()),
          Math.exp(0.5),
          Math.exp(2));
      clustered(n);
      stratified(n);
    }
    silhouette();
  }

  private <B extends Batch> void methods(
      Metric<B> metric, Source<B> source, int n, int repetitions) {
    double truth = metric.of(source.draw(new SplittableRandom(1), MANY));
    simulation.coverage(
        "%s %.3f, n = %d".formatted(metric.name(), truth, n),
        repetitions,
        random -> {
          B batch = source.draw(random, n);
          boolean[] held = new boolean[METHODS.length];
          long seed = random.nextLong();
          for (int i = 0; i < held.length; i++) {
            Bootstrap bootstrap = METHODS[i].threads(1).resamples(500).seed(seed);
            held[i] = metric.interval(batch, bootstrap).contains(truth);
          }
          return held;
        },
        "bootstrap percentile",
        "bootstrap basic",
        "bootstrap BCa");
  }

  /** The intervals that the metrics choose. */
  private void losses(
      int n,
      int repetitions,
      String noise,
      ToDoubleFunction<SplittableRandom> error,
      double mae,
      double mse) {
    simulation.coverage(
        "%s, n = %d".formatted(noise, n),
        repetitions,
        random -> {
          double[] truth = new double[n];
          Arrays.setAll(truth, i -> error.applyAsDouble(random));
          Values values = Values.of(truth, new double[n]);
          return new boolean[] {
            RegressionMetrics.MAE.interval(values).contains(mae),
            RegressionMetrics.MSE.interval(values).contains(mse)
          };
        },
        "bootstrap-t of MAE",
        "bootstrap-t of MSE");
  }

  /** Three positives in ten rows, 85 % of rows right. */
  private static Labels labels(SplittableRandom random, int n) {
    int[] truth = new int[n];
    int[] prediction = new int[n];
    for (int i = 0; i < n; i++) {
      truth[i] = random.nextDouble() < 0.3 ? 1 : 0;
      prediction[i] = random.nextDouble() < 0.85 ? truth[i] : 1 - truth[i];
    }
    return Labels.of(truth, prediction, 2);
  }

  private static Scores scores(SplittableRandom random, int n) {
    boolean[] positive = new boolean[n];
    double[] scores = new double[n];
    for (int i = 0; i < n; i++) {
      positive[i] = random.nextDouble() < 0.3;
      scores[i] = random.nextGaussian() + (positive[i] ? 1.5 : 0);
    }
    return PairErrors.scores(positive, scores);
  }

  private static Values values(SplittableRandom random, int n) {
    double[] truth = new double[n];
    double[] prediction = new double[n];
    for (int i = 0; i < n; i++) {
      prediction[i] = random.nextGaussian();
      truth[i] = prediction[i] + 0.7 * random.nextGaussian();
    }
    return Values.of(truth, prediction);
  }

  private static Rankings rankings(SplittableRandom random, int n) {
    double[][] relevance = new double[n][10];
    double[][] scores = new double[n][10];
    for (int query = 0; query < n; query++) {
      for (int i = 0; i < 10; i++) {
        relevance[query][i] = random.nextInt(4);
        scores[query][i] = relevance[query][i] + 2 * random.nextGaussian();
      }
    }
    return Rankings.of(relevance, scores);
  }

  /** Clusters of five rows, whose values share half of their variance; the true mean is 1. */
  private void clustered(int n) {
    int[] clusters = new int[n];
    Arrays.setAll(clusters, i -> i / 5);
    simulation.coverage(
        "mean of %d clusters of 5".formatted(n / 5),
        REPETITIONS,
        random -> {
          double[] truth = new double[n];
          double shared = 0;
          for (int i = 0; i < n; i++) {
            shared = i % 5 == 0 ? random.nextGaussian() : shared;
            truth[i] = 10 + shared + random.nextGaussian();
          }
          Values values = Values.of(truth, new double[n]);
          Bootstrap plain = Bootstrap.bca().threads(1).resamples(500).seed(random.nextLong());
          return new boolean[] {
            RegressionMetrics.MAE.interval(values, plain.clustered(clusters)).contains(10),
            RegressionMetrics.MAE.interval(values, plain).contains(10)
          };
        },
        "bootstrap BCa, clustered",
        "(bootstrap BCa that ignores the clusters)");
  }

  /** As many positives as negatives in every sample, and in every sample of the bootstrap. */
  private void stratified(int n) {
    int[] strata = new int[n];
    Arrays.setAll(strata, i -> i % 2);
    simulation.coverage(
        "area 0.76, n = " + n,
        REPETITIONS,
        random -> {
          boolean[] positive = new boolean[n];
          double[] scores = new double[n];
          for (int i = 0; i < n; i++) {
            positive[i] = i % 2 == 0;
            scores[i] = random.nextGaussian() + (positive[i] ? 1 : 0);
          }
          Bootstrap bootstrap =
              Bootstrap.bca().stratified(strata).threads(1).resamples(500).seed(random.nextLong());
          return new boolean[] {
            ClassificationMetrics.ROC_AUC
                .interval(PairErrors.scores(positive, scores), bootstrap)
                .contains(0.7602499389065233)
          };
        },
        "bootstrap BCa, stratified");
  }

  /** Two overlapping clusters on a line. */
  private void silhouette() {
    double truth = ClusteringMetrics.SILHOUETTE.of(clusters(new SplittableRandom(1), 8000));
    simulation.coverage(
        "silhouette %.3f, n = 100".formatted(truth),
        REPETITIONS,
        random ->
            new boolean[] {
              ClusteringMetrics.SILHOUETTE.interval(clusters(random, 100)).contains(truth)
            },
        "jackknife");
  }

  private static Clusters clusters(SplittableRandom random, int n) {
    double[] points = new double[n];
    int[] cluster = new int[n];
    for (int i = 0; i < n; i++) {
      cluster[i] = random.nextInt(2);
      points[i] = random.nextGaussian() + 3 * cluster[i];
    }
    return Clusters.of(points, 1, cluster);
  }
}
