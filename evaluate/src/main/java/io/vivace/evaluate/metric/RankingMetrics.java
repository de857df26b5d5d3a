package io.vivace.evaluate.metric;

/**
 * The metrics of ranking and retrieval, made for static import: {@code NDCG.at(10)}, {@code
 * RECALL.at(5)}. A row is a query, and row weights weigh queries.
 *
 * <p>Formulas and edge cases: {@code METRICS.md} of this module.
 */
public final class RankingMetrics {
  /** Discounted cumulative gain over that of the ideal order, in [0, 1]. */
  public static final GainMetric NDCG = GainMetric.of(true);

  /** Discounted cumulative gain. */
  public static final GainMetric DCG = GainMetric.of(false);

  /**
   * Mean reciprocal rank: one over the rank of the first relevant candidate, 0 where none is among
   * the first k. Source: Voorhees, TREC-8, 1999.
   */
  public static final RetrievalMetric MRR =
      RetrievalMetric.of("mrr", RankingMetrics::reciprocalRank);

  /**
   * Mean average precision: the precision at each relevant rank up to k, added up, over the smaller
   * of k and the number of relevant candidates. Over all ranks and without ties this is
   * scikit-learn's average precision of each query.
   */
  public static final RetrievalMetric MAP =
      RetrievalMetric.of("map", RankingMetrics::averagePrecision);

  /** The share of the relevant candidates that is among the first k. */
  public static final RetrievalMetric RECALL =
      RetrievalMetric.of(
          "retrieval recall", (relevant, total, depth) -> (double) hits(relevant) / total);

  /**
   * The share of the first k that is relevant. Ranks beyond the last candidate count as irrelevant;
   * without a k it is the share of all candidates.
   */
  public static final RetrievalMetric PRECISION =
      RetrievalMetric.of(
          "retrieval precision",
          (relevant, total, depth) ->
              (double) hits(relevant) / (depth == Integer.MAX_VALUE ? relevant.length : depth));

  /** The share of queries with a relevant candidate among the first k. */
  public static final RetrievalMetric HIT_RATE =
      RetrievalMetric.of("hit rate", (relevant, total, depth) -> hits(relevant) > 0 ? 1 : 0);

  private RankingMetrics() {}

  private static int hits(boolean[] relevant) {
    int hits = 0;
    for (boolean hit : relevant) {
      hits += hit ? 1 : 0;
    }
    return hits;
  }

  private static double reciprocalRank(boolean[] relevant, int total, int depth) {
    for (int rank = 0; rank < relevant.length; rank++) {
      if (relevant[rank]) {
        return 1.0 / (rank + 1);
      }
    }
    return 0;
  }

  private static double averagePrecision(boolean[] relevant, int total, int depth) {
    int hits = 0;
    double sum = 0;
    for (int rank = 0; rank < relevant.length; rank++) {
      if (relevant[rank]) {
        hits++;
        sum += (double) hits / (rank + 1);
      }
    }
    return sum / Math.min(depth, total);
  }
}
