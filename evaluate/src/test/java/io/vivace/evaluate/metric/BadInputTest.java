package io.vivace.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * What regression, ranking, embedding and clustering metrics make of input that is bad, poor or at
 * the edge. What batches of classes refuse is in {@link BatchTest}.
 */
class BadInputTest {
  private static final double[][] RELEVANCE = {{0, 1, 0, 1}, {0, 0, 0, 0}, {1, 0, 0, 0}};
  private static final double[][] SCORES = {{4, 3, 2, 1}, {1, 2, 3, 4}, {1, 2, 3, 4}};
  private static final Rankings QUERIES = Rankings.of(RELEVANCE, SCORES);

  private static void assertRefused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).message().contains(parts);
  }

  private static void assertThatIs(double actual, double expected) {
    assertThat(actual).isCloseTo(expected, within(1e-15));
  }

  @Test
  void embeddings_lengthsEmptyNotFiniteOrWeights_areRefused() {
    float[][] two = {{1, 0}, {0, 1}};
    assertRefused(() -> Embeddings.of(two, new float[1][2]), "candidate", "1 instead of 2");
    assertRefused(() -> Embeddings.of(new float[0][], new float[0][]), "at least one row");
    assertRefused(() -> Embeddings.of(new float[1][0], new float[1][0]), "vector 0", "empty");
    assertRefused(
        () -> Embeddings.of(two, new float[][] {{1, 0}, {1}}), "2 elements", "vector 1 has 1");
    assertRefused(
        () -> Embeddings.of(new float[][] {{Float.NaN, 0}, {1, 0}}, two), "vector 0 holds NaN");
    assertRefused(
        () -> Embeddings.of(two, new float[][] {{0, 1}, {1, Float.NEGATIVE_INFINITY}}),
        "candidate",
        "vector 1 holds -Infinity");
    Embeddings batch = Embeddings.of(two, two);
    assertRefused(() -> batch.weighted(1, -1), "row 1 has -1.0");
    assertRefused(() -> batch.weighted(1), "1 instead of 2");
    Embeddings weighted = batch.weighted(1, 2);
    assertRefused(() -> EmbeddingMetrics.PAIR_SIMILARITY.of(weighted), "cannot weigh");
    assertThat(EmbeddingMetrics.PAIR_SIMILARITY.of(batch)).isNaN();
    assertThat(EmbeddingMetrics.COSINE_FIDELITY.of(Embeddings.of(two, new float[2][2]))).isZero();
  }

  @Test
  void clusters_lengthsEmptyNotFiniteOrWeights_areRefused() {
    int[] two = {0, 1};
    assertRefused(() -> Clusters.of(new double[3], 2, two), "2 rows x 2 columns = 4", "had 3");
    assertRefused(() -> Clusters.of(new double[0], 1, new int[0]), "at least one row");
    assertRefused(() -> Clusters.of(new double[2], 0, two), "dimensions must be at least 1");
    assertRefused(() -> Clusters.of(new double[] {0, Double.NaN}, 1, two), "element 1 is NaN");
    assertRefused(
        () -> Clusters.of(new double[] {Double.POSITIVE_INFINITY, 0}, 1, two), "0 is Infinity");
    assertRefused(() -> Clusters.of(new double[2], 1, two).weighted(1, 1), "cannot be weighted");
  }

  @Test
  void clusterings_oneClusterAlone_haveTheirLimits() {
    int[] same = {0, 0, 0};
    int[] apart = {0, 1, 2};
    Labels alike = Labels.of(same, same, 1);
    Labels split = Labels.of(same, apart, 3);
    assertThat(ClusteringMetrics.ADJUSTED_RAND.of(alike)).isOne();
    assertThat(ClusteringMetrics.NMI.of(alike)).isOne();
    assertThat(ClusteringMetrics.ADJUSTED_RAND.of(split)).isZero();
    assertThat(ClusteringMetrics.NMI.of(split)).isZero();
    assertThat(ClusteringMetrics.HOMOGENEITY.of(split)).isOne();
    assertThat(ClusteringMetrics.COMPLETENESS.of(split)).isZero();
    assertRefused(() -> ClusteringMetrics.NMI.of(split.weighted(1, 1, 0.5)), "whole");
    double[] points = {0, 1, 2};
    assertThat(ClusteringMetrics.SILHOUETTE.of(Clusters.of(points, 1, same))).isNaN();
    assertThat(ClusteringMetrics.SILHOUETTE.of(Clusters.of(points, 1, apart))).isNaN();
  }

  /** Worked by hand: the hits are at ranks 2 and 4, nowhere, and at rank 4. */
  @Test
  void retrieval_workedByHand_isThat() {
    assertThatIs(RankingMetrics.MRR.of(QUERIES), (1 / 2.0 + 0 + 1 / 4.0) / 3);
    assertThatIs(RankingMetrics.MRR.at(3).of(QUERIES), (1 / 2.0) / 3);
    assertThatIs(RankingMetrics.MAP.of(QUERIES), ((1 / 2.0 + 2 / 4.0) / 2 + 0 + 1 / 4.0) / 3);
    assertThatIs(RankingMetrics.MAP.at(2).of(QUERIES), (1 / 2.0 / 2) / 3);
    assertThatIs(RankingMetrics.MAP.at(1).of(QUERIES), 0);
    assertThatIs(RankingMetrics.RECALL.at(2).of(QUERIES), (1 / 2.0) / 3);
    assertThatIs(RankingMetrics.PRECISION.at(2).of(QUERIES), (1 / 2.0) / 3);
    assertThatIs(RankingMetrics.HIT_RATE.at(2).of(QUERIES), 1 / 3.0);
    assertThatIs(RankingMetrics.HIT_RATE.at(2).emptyQuery(UndefinedValue.NAN).of(QUERIES), 1 / 2.0);
  }

  @Test
  void ranking_kAboveTheCandidates_takesThemAll() {
    for (RetrievalMetric metric :
        List.of(
            RankingMetrics.MRR,
            RankingMetrics.MAP,
            RankingMetrics.RECALL,
            RankingMetrics.HIT_RATE)) {
      assertThat(metric.at(100).of(QUERIES)).as(metric.name()).isEqualTo(metric.of(QUERIES));
      assertRefused(() -> metric.at(0), "k must be at least 1, but was 0");
    }
    assertThat(RankingMetrics.NDCG.at(100).of(QUERIES)).isEqualTo(RankingMetrics.NDCG.of(QUERIES));
    assertRefused(() -> RankingMetrics.NDCG.at(-1), "k must be at least 1, but was -1");
    // Ranks that no candidate fills are no hits.
    assertThatIs(RankingMetrics.PRECISION.at(100).of(QUERIES), (2 / 100.0 + 0 + 1 / 100.0) / 3);
  }

  @Test
  void ranking_nothingRelevantOrNegative_isSaid() {
    Rankings nothing = Rankings.of(new double[][] {{0, 0}}, new double[][] {{1, 2}});
    assertThat(RankingMetrics.NDCG.of(nothing)).isZero();
    assertThat(RankingMetrics.NDCG.emptyQuery(UndefinedValue.NAN).of(nothing)).isNaN();
    assertThatThrownBy(() -> RankingMetrics.MAP.emptyQuery(UndefinedValue.ERROR).of(nothing))
        .isInstanceOf(UndefinedMetricException.class)
        .hasMessageContaining("map of a query of which nothing is relevant");
    Rankings negative = Rankings.of(new double[][] {{1, -1}}, new double[][] {{1, 2}});
    assertRefused(() -> RankingMetrics.NDCG.of(negative), "-1.0");
    assertRefused(() -> RankingMetrics.MRR.relevantFrom(Double.NaN), "must not be NaN");
    assertThat(RankingMetrics.MRR.of(QUERIES.weighted(0, 0, 0))).isNaN();
  }

  @Test
  void regression_constantTarget_isTheDocumentedValue() {
    double[] constant = {0.1, 0.1, 0.1};
    Values right = Values.of(constant, constant);
    Values wrong = Values.of(constant, new double[] {0.1, 0.2, 0.3});
    for (RegressionMetric metric :
        List.of(
            RegressionMetrics.R2,
            RegressionMetrics.EXPLAINED_VARIANCE,
            RegressionMetrics.D2_ABSOLUTE_ERROR)) {
      assertThat(metric.of(right)).as(metric.name()).isOne();
      assertThat(metric.of(wrong)).as(metric.name()).isZero();
    }
    assertThat(RegressionMetrics.R2_UNBOUNDED.of(right)).isNaN();
    assertThat(RegressionMetrics.R2_UNBOUNDED.of(wrong)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(RegressionMetrics.PEARSON.of(wrong)).isNaN();
    assertThat(RegressionMetrics.SPEARMAN.of(wrong)).isNaN();
    assertThat(RegressionMetrics.R2.of(Values.of(new double[1], new double[1]))).isNaN();
  }

  @Test
  void regression_numbersOutOfRange_areRefused() {
    Values low = Values.of(new double[] {-1}, new double[] {0});
    assertRefused(() -> RegressionMetrics.MSLE.of(low), "-1.0");
    assertRefused(
        () -> RegressionMetrics.RMSLE.of(Values.of(new double[1], new double[] {-2})), "-2.0");
    assertRefused(() -> RegressionMetrics.pinball(1.5), "[0, 1]", "1.5");
    assertRefused(() -> RegressionMetrics.huber(0), "0");
    assertRefused(() -> RegressionMetrics.MSE.output(1).of(low), "1");
    assertRefused(() -> RegressionMetrics.MSE.outputWeights(0, 0), "must not all be 0");
    assertRefused(() -> RegressionMetrics.MSE.outputWeights(1, 2).of(low), "2");
    assertRefused(
        () ->
            RegressionMetrics.SPEARMAN.of(Values.of(new double[2], new double[2]).weighted(1, 0.5)),
        "whole");
    assertThat(RegressionMetrics.SMAPE.of(Values.of(new double[2], new double[2]))).isZero();
    assertThat(RegressionMetrics.SMAPE.of(Values.of(new double[] {1}, new double[] {-1})))
        .isEqualTo(2);
    assertThat(RegressionMetrics.MAE.of(low.weighted(0))).isNaN();
  }
}
