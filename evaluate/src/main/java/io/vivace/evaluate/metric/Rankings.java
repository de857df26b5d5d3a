package io.vivace.evaluate.metric;

import org.jspecify.annotations.Nullable;

/**
 * Queries, each with the relevance and the score of its candidates. A row is a query; queries may
 * have different numbers of candidates.
 */
public final class Rankings implements Batch {
  final double[][] relevance;
  final double[][] scores;
  final double @Nullable [] weights;

  private Rankings(double[][] relevance, double[][] scores, double @Nullable [] weights) {
    this.relevance = relevance;
    this.scores = scores;
    this.weights = weights;
  }

  /**
   * Makes a batch in which every query weighs 1.
   *
   * @param relevance for each query the relevance of its candidates, finite; 0 is irrelevant; not
   *     copied. Metrics that cannot do with a negative relevance say so
   * @param scores for each query the score of its candidates, finite, higher first; not copied
   * @return the batch
   * @throws IllegalArgumentException if there are no queries, a query has no candidates, lengths
   *     differ, or a number is NaN or infinite
   */
  public static Rankings of(double[][] relevance, double[][] scores) {
    Rows.checkLength("scores", scores.length, relevance.length, "relevance");
    Rows.checkSize(relevance.length);
    for (int query = 0; query < relevance.length; query++) {
      String of = " of query " + query;
      Rows.check(relevance[query].length > 0, "query %,d has no candidates", query);
      Rows.checkLength("scores" + of, scores[query].length, relevance[query].length, "relevance");
      Rows.checkFinite("relevance" + of, relevance[query]);
      Rows.checkFinite("scores" + of, scores[query]);
    }
    return new Rankings(relevance, scores, null);
  }

  /**
   * Returns the same queries with weights.
   *
   * @param weights one for each query, finite and at least 0; not copied
   * @return a batch
   * @throws IllegalArgumentException if the length differs, or a weight is negative, NaN or
   *     infinite
   */
  @Override
  public Rankings weighted(double... weights) {
    return new Rankings(relevance, scores, Rows.checkWeights(weights, size()));
  }

  @Override
  public int size() {
    return relevance.length;
  }

  /**
   * Returns how many candidates a query has.
   *
   * @param query from 0 to {@code size() - 1}
   * @return at least 1
   */
  public int candidates(int query) {
    return relevance[query].length;
  }

  /**
   * Returns the relevance of a candidate.
   *
   * @param query from 0 to {@code size() - 1}
   * @param candidate from 0 to {@code candidates(query) - 1}
   * @return a finite number
   */
  public double relevance(int query, int candidate) {
    return relevance[query][candidate];
  }

  /**
   * Returns the score of a candidate.
   *
   * @param query from 0 to {@code size() - 1}
   * @param candidate from 0 to {@code candidates(query) - 1}
   * @return a finite number
   */
  public double score(int query, int candidate) {
    return scores[query][candidate];
  }

  @Override
  public double @Nullable [] weights() {
    return weights;
  }

  @Override
  public Rankings select(int... rows) {
    Rows.checkSize(rows.length);
    double[][] chosenRelevance = new double[rows.length][];
    double[][] chosenScores = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      chosenRelevance[i] = relevance[rows[i]];
      chosenScores[i] = scores[rows[i]];
    }
    return new Rankings(chosenRelevance, chosenScores, Rows.pickWeights(weights, rows));
  }
}
