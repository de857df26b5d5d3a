package io.vivace.evaluate.metric;

import io.vivace.evaluate.internal.Order;
import java.util.Arrays;
import java.util.Objects;

/**
 * Discounted cumulative gain of graded relevance, plain (DCG) or over that of the ideal order
 * (NDCG); the mean over queries. Immutable.
 *
 * <pre>{@code DCG = sum over ranks r up to k of gain(relevance) / log2(r + 1)}</pre>
 *
 * <p>Defaults: all ranks, linear gain, tied scores share the mean gain of their group (McSherry and
 * Najork, "Computing information retrieval performance measures efficiently in the presence of tied
 * scores", 2008), and an NDCG of 0 for a query of which nothing is relevant. A k above the number
 * of candidates takes them all. NDCG refuses a negative relevance. Source: Jarvelin and Kekalainen,
 * "Cumulated gain-based evaluation of IR techniques", 2002.
 */
public final class GainMetric implements Metric<Rankings> {
  private final boolean normalized;
  private final int depth;
  private final boolean exponential;
  private final boolean ignoreTies;
  private final UndefinedValue emptyQuery;

  private GainMetric(
      boolean normalized,
      int depth,
      boolean exponential,
      boolean ignoreTies,
      UndefinedValue emptyQuery) {
    this.normalized = normalized;
    this.depth = depth;
    this.exponential = exponential;
    this.ignoreTies = ignoreTies;
    this.emptyQuery = emptyQuery;
  }

  static GainMetric of(boolean normalized) {
    return new GainMetric(normalized, Integer.MAX_VALUE, false, false, UndefinedValue.ZERO);
  }

  /**
   * Counts the first ranks only.
   *
   * @param ranks how many, at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if it is below 1
   */
  public GainMetric at(int ranks) {
    Rows.check(ranks >= 1, "k must be at least 1, but was %d", ranks);
    return new GainMetric(normalized, ranks, exponential, ignoreTies, emptyQuery);
  }

  /**
   * Takes {@code 2^relevance - 1} as the gain.
   *
   * @return a changed copy
   */
  public GainMetric exponentialGain() {
    return new GainMetric(normalized, depth, true, ignoreTies, emptyQuery);
  }

  /**
   * Takes tied scores in the order of the candidates from the last to the first, as scikit-learn
   * does.
   *
   * @return a changed copy
   */
  public GainMetric ignoringTies() {
    return new GainMetric(normalized, depth, exponential, true, emptyQuery);
  }

  /**
   * Says what the NDCG of a query is of which nothing is relevant.
   *
   * @param value default {@link UndefinedValue#ZERO}; {@link UndefinedValue#NAN} leaves the query
   *     out
   * @return a changed copy
   */
  public GainMetric emptyQuery(UndefinedValue value) {
    Objects.requireNonNull(value, "value");
    return new GainMetric(normalized, depth, exponential, ignoreTies, value);
  }

  @Override
  public String name() {
    String base = normalized ? "ndcg" : "dcg";
    return depth == Integer.MAX_VALUE ? base : base + "@" + depth;
  }

  @Override
  public String identity() {
    return "%s gain=%s ties=%s empty=%s"
        .formatted(
            name(),
            exponential ? "exponential" : "linear",
            ignoreTies ? "ignored" : "averaged",
            emptyQuery);
  }

  @Override
  public Goal goal() {
    return Goal.MAXIMIZE;
  }

  @Override
  public double lowest() {
    return normalized ? 0 : Double.NEGATIVE_INFINITY;
  }

  @Override
  public double highest() {
    return normalized ? 1 : Double.POSITIVE_INFINITY;
  }

  @Override
  public Class<Rankings> batchType() {
    return Rankings.class;
  }

  @Override
  public MetricState<Rankings> newState() {
    return MetricState.of(this, new RowMean<Rankings>(figure()), RowMean::mean);
  }

  private RowMean.Figure<Rankings> figure() {
    return new RowMean.Figure<>() {
      @Override
      public double of(Rankings batch, int query) {
        return value(batch.relevance[query], batch.scores[query]);
      }

      @Override
      public void check(Rankings batch) {
        if (normalized) {
          checkNotNegative(batch);
        }
      }
    };
  }

  private static void checkNotNegative(Rankings batch) {
    for (int query = 0; query < batch.size(); query++) {
      for (double relevance : batch.relevance[query]) {
        if (relevance < 0) {
          throw new IllegalArgumentException(
              "ndcg needs relevance of at least 0, but query %,d has %s"
                  .formatted(query, relevance));
        }
      }
    }
  }

  private double value(double[] relevance, double[] scores) {
    double[] gains = Arrays.stream(relevance).map(this::gain).toArray();
    double gain = gain(gains, scores, !ignoreTies);
    if (!normalized) {
      return gain;
    }
    double ideal = gain(gains, gains, false);
    return ideal == 0
        ? emptyQuery.value(() -> "ndcg of a query of which nothing is relevant")
        : gain / ideal;
  }

  private double gain(double relevance) {
    return exponential ? Math.pow(2, relevance) - 1 : relevance;
  }

  private double gain(double[] gains, double[] scores, boolean averageTies) {
    int[] order = Order.ascending(scores);
    int n = order.length;
    double sum = 0;
    for (int rank = 0, end; rank < n && rank < depth; rank = end) {
      double score = scores[order[n - 1 - rank]];
      double group = gains[order[n - 1 - rank]];
      double discounts = discount(rank);
      end = rank + 1;
      while (averageTies && end < n && scores[order[n - 1 - end]] == score) {
        group += gains[order[n - 1 - end]];
        discounts += end < depth ? discount(end) : 0;
        end++;
      }
      sum += group / (end - rank) * discounts;
    }
    return sum;
  }

  private static double discount(int rank) {
    return Math.log(2) / Math.log(rank + 2.0);
  }

  @Override
  public String toString() {
    return identity();
  }
}
