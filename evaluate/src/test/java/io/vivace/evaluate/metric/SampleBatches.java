package io.vivace.evaluate.metric;

import static io.vivace.evaluate.metric.ClassificationMetrics.*;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Metrics with random batches that suit them. */
final class SampleBatches {
  /** A metric and a batch for it. */
  record Sample<B extends Batch>(Metric<B> metric, B batch) {
    @SuppressWarnings("unchecked")
    B select(int... rows) {
      return (B) batch.select(rows);
    }

    @Override
    public String toString() {
      return metric.identity() + (batch.weights() == null ? "" : " weighted");
    }
  }

  private SampleBatches() {}

  static final List<Metric<Labels>> OF_LABELS =
      List.of(
          ACCURACY,
          BALANCED_ACCURACY,
          ADJUSTED_BALANCED_ACCURACY,
          MATTHEWS_CORRELATION,
          COHEN_KAPPA,
          COHEN_KAPPA.quadratic(),
          HAMMING_LOSS,
          PRECISION.macro(),
          RECALL.weighted(),
          F1.micro(),
          fBeta(2).ofClass(1),
          JACCARD.macro().allClasses().undefined(UndefinedValue.NAN));

  static final List<Metric<Scores>> OF_SCORES =
      List.of(
          LOG_LOSS,
          BRIER,
          topKAccuracy(2),
          ROC_AUC.macro(),
          ROC_AUC.weighted(),
          ROC_AUC.micro(),
          AVERAGE_PRECISION.macro(),
          PR_AUC_TRAPEZOID.weighted(),
          PR_AUC_INTERPOLATED.macro(),
          ECE,
          ECE.classWise().l2().binning(Binning.uniform(7).lowerClosed()),
          ECE.max().binning(Binning.quantile(5)));

  static final List<Metric<MultiLabels>> OF_MULTI_LABELS =
      List.of(
          SUBSET_ACCURACY,
          MULTI_LABEL_HAMMING_LOSS,
          F1.samples(),
          JACCARD.samples().undefined(UndefinedValue.NAN),
          PRECISION.multiLabel().weighted());

  static final List<Metric<MultiLabelScores>> OF_MULTI_LABEL_SCORES =
      List.of(LABEL_RANKING_AVERAGE_PRECISION, COVERAGE_ERROR, LABEL_RANKING_LOSS);

  static final List<Metric<Scores>> OF_BINARY_SCORES =
      List.of(
          ROC_AUC,
          ROC_AUC.partial(0.3),
          AVERAGE_PRECISION,
          ECE.binary(),
          BOUNDED_ROC_AUC.buckets(8),
          BOUNDED_ROC_AUC.anyScores().buckets(16));

  static final List<Metric<Scores>> UNWEIGHTED =
      List.of(ROC_AUC.oneVsOne(), ROC_AUC.oneVsOne().weighted(), ECE.debiased());

  static Labels labels(Random random, int rows, boolean weighted) {
    int[] truth = random.ints(rows, 0, 4).toArray();
    int[] prediction = random.ints(rows, 0, 4).toArray();
    Labels labels = Labels.of(truth, prediction, 5);
    return weighted ? labels.weighted(weights(random, rows)) : labels;
  }

  static Scores scores(Random random, int rows, boolean weighted) {
    int[] truth = random.ints(rows, 0, 3).toArray();
    double[] scores = new double[rows * 3];
    for (int row = 0; row < rows; row++) {
      double a = random.nextInt(1, 10);
      double b = random.nextInt(1, 10);
      double c = random.nextInt(1, 10);
      scores[row * 3] = a / (a + b + c);
      scores[row * 3 + 1] = b / (a + b + c);
      scores[row * 3 + 2] = c / (a + b + c);
    }
    Scores batch = Scores.of(truth, scores, 3);
    return weighted ? batch.weighted(weights(random, rows)) : batch;
  }

  static Scores binary(Random random, int rows, boolean weighted) {
    int[] truth = random.ints(rows, 0, 2).toArray();
    double[] scores =
        random.doubles(rows).map(s -> random.nextBoolean() ? s : Math.round(s * 5) / 5.0).toArray();
    Scores batch = Scores.binary(truth, scores);
    return weighted ? batch.weighted(weights(random, rows)) : batch;
  }

  static MultiLabels multiLabels(Random random, int rows, boolean weighted) {
    MultiLabels batch = MultiLabels.of(bits(random, rows * 4), bits(random, rows * 4), 4);
    return weighted ? batch.weighted(weights(random, rows)) : batch;
  }

  static MultiLabelScores multiLabelScores(Random random, int rows, boolean weighted) {
    double[] scores = random.ints(rows * 4L, 0, 6).asDoubleStream().toArray();
    MultiLabelScores batch = MultiLabelScores.of(bits(random, rows * 4), scores, 4);
    return weighted ? batch.weighted(weights(random, rows)) : batch;
  }

  private static boolean[] bits(Random random, int size) {
    boolean[] bits = new boolean[size];
    for (int i = 0; i < size; i++) {
      bits[i] = random.nextInt(3) == 0;
    }
    return bits;
  }

  private static double[] weights(Random random, int rows) {
    return random
        .doubles(rows)
        .map(w -> w < 0.1 ? 0 : w < 0.3 ? Math.rint(w * 10) : w * Math.pow(10, random.nextInt(6)))
        .toArray();
  }

  /** Every metric with one batch, where it takes weights with a weighted one too. */
  static Stream<Sample<?>> all(long seed, int rows) {
    Random random = new Random(seed);
    Stream.Builder<Sample<?>> all = Stream.builder();
    for (boolean weighted : new boolean[] {false, true}) {
      OF_LABELS.forEach(m -> all.add(new Sample<>(m, labels(random, rows, weighted))));
      OF_SCORES.forEach(m -> all.add(new Sample<>(m, scores(random, rows, weighted))));
      OF_MULTI_LABELS.forEach(m -> all.add(new Sample<>(m, multiLabels(random, rows, weighted))));
      OF_MULTI_LABEL_SCORES.forEach(
          m -> all.add(new Sample<>(m, multiLabelScores(random, rows, weighted))));
      OF_BINARY_SCORES.stream()
          .filter(m -> !weighted || !(m instanceof BoundedAuc))
          .forEach(m -> all.add(new Sample<>(m, binary(random, rows, weighted))));
    }
    UNWEIGHTED.forEach(m -> all.add(new Sample<>(m, scores(random, rows, false))));
    return all.build();
  }
}
