package io.vivace.evaluate.metric;

/** The metrics of embeddings against those of a reference model, made for static import. */
public final class EmbeddingMetrics {
  /**
   * The mean cosine between the two vectors of each item, in [-1, 1]: how faithfully a compressed
   * model repeats the reference. A vector of length 0 has the cosine 0. Refuses models of different
   * dimension.
   */
  public static final Metric<Embeddings> COSINE_FIDELITY =
      RowMean.metric(
          "cosine fidelity",
          Goal.MAXIMIZE,
          -1,
          1,
          Embeddings.class,
          new RowMean.Figure<Embeddings>() {
            @Override
            public double of(Embeddings batch, int row) {
              return Embeddings.cosine(batch.reference[row], batch.candidate[row]);
            }

            @Override
            public void check(Embeddings batch) {
              Rows.check(
                  batch.reference[0].length == batch.candidate[0].length,
                  "cosine fidelity needs vectors of one dimension, but the reference has %d and the"
                      + " candidate %d; pair similarity does without",
                  batch.reference[0].length,
                  batch.candidate[0].length);
            }
          });

  /**
   * Spearman's correlation between the cosines of all pairs of items under the one model and under
   * the other, in [-1, 1]: whether both find the same items alike. Models of different dimension
   * may be compared. NaN below three items, or where all pairs are equally alike. Keeps all vectors
   * and takes O(n^2 (dimension + log n)); items cannot be weighted.
   */
  public static final Metric<Embeddings> PAIR_SIMILARITY =
      Metric.of(
          "pair similarity spearman",
          Goal.MAXIMIZE,
          -1,
          1,
          Embeddings.class,
          PairSimilarities::new,
          PairSimilarities::spearman);

  private EmbeddingMetrics() {}
}
