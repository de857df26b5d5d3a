package io.vivace.evaluate.metric;

import io.vivace.evaluate.internal.Order;
import java.util.Objects;

/**
 * A figure of the relevant candidates among the first k of each query; the mean over queries.
 * Immutable.
 *
 * <p>Defaults: all ranks, candidates with a relevance above 0 are relevant, and a query of which
 * nothing is relevant counts 0. Candidates with the same score keep their order, so do not list the
 * relevant ones first. A k above the number of candidates takes them all.
 */
public final class RetrievalMetric implements ShareMetric<Rankings> {
  /** What is computed of which ranks hold relevant candidates. */
  @FunctionalInterface
  interface Figure {
    /**
     * Whether each rank up to k holds one; how many there are in all, at least 1; and k as asked
     * for.
     */
    double of(boolean[] relevant, int total, int depth);
  }

  private final String base;
  private final Figure figure;
  private final int depth;
  private final double threshold;
  private final UndefinedValue emptyQuery;

  private RetrievalMetric(
      String base, Figure figure, int depth, double threshold, UndefinedValue emptyQuery) {
    this.base = base;
    this.figure = figure;
    this.depth = depth;
    this.threshold = threshold;
    this.emptyQuery = emptyQuery;
  }

  static RetrievalMetric of(String base, Figure figure) {
    return new RetrievalMetric(
        base, figure, Integer.MAX_VALUE, Double.MIN_VALUE, UndefinedValue.ZERO);
  }

  /**
   * Counts the first ranks only.
   *
   * @param ranks how many, at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if it is below 1
   */
  public RetrievalMetric at(int ranks) {
    Rows.check(ranks >= 1, "k must be at least 1, but was %d", ranks);
    return new RetrievalMetric(base, figure, ranks, threshold, emptyQuery);
  }

  /**
   * Says which candidates are relevant.
   *
   * @param relevance the least relevance of those; default: anything above 0; not NaN
   * @return a changed copy
   * @throws IllegalArgumentException if it is NaN
   */
  public RetrievalMetric relevantFrom(double relevance) {
    Rows.check(!Double.isNaN(relevance), "the least relevance must not be NaN");
    return new RetrievalMetric(base, figure, depth, relevance, emptyQuery);
  }

  /**
   * Says what a query counts of which nothing is relevant.
   *
   * @param value default {@link UndefinedValue#ZERO}; {@link UndefinedValue#NAN} leaves the query
   *     out
   * @return a changed copy
   */
  public RetrievalMetric emptyQuery(UndefinedValue value) {
    Objects.requireNonNull(value, "value");
    return new RetrievalMetric(base, figure, depth, threshold, value);
  }

  @Override
  public String name() {
    return depth == Integer.MAX_VALUE ? base : base + "@" + depth;
  }

  @Override
  public String identity() {
    return "%s relevant>=%s empty=%s".formatted(name(), threshold, emptyQuery);
  }

  @Override
  public Class<Rankings> batchType() {
    return Rankings.class;
  }

  @Override
  public MetricState<Rankings> newState() {
    return MetricState.of(this, new RowMean<Rankings>(this::value), RowMean::mean);
  }

  private double value(Rankings batch, int query) {
    double[] relevance = batch.relevance[query];
    int total = 0;
    for (double value : relevance) {
      total += value >= threshold ? 1 : 0;
    }
    if (total == 0) {
      return emptyQuery.value(() -> name() + " of a query of which nothing is relevant");
    }
    int[] order = descending(batch.scores[query]);
    boolean[] relevant = new boolean[Math.min(depth, order.length)];
    for (int rank = 0; rank < relevant.length; rank++) {
      relevant[rank] = relevance[order[rank]] >= threshold;
    }
    return figure.of(relevant, total, depth);
  }

  private static int[] descending(double[] scores) {
    double[] negated = new double[scores.length];
    for (int i = 0; i < negated.length; i++) {
      negated[i] = -scores[i];
    }
    return Order.ascending(negated); // stable, so equal scores keep the candidates' order
  }

  @Override
  public String toString() {
    return identity();
  }
}
