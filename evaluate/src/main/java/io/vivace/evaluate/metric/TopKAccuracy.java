package io.vivace.evaluate.metric;

/**
 * The share of rows whose true class is among the k classes with the highest scores, in [0, 1].
 * Immutable.
 *
 * <p>Default: {@link TieBreak#HIGHEST_INDEX}. If there are at most k classes, it is 1.
 */
public final class TopKAccuracy implements ShareMetric<Scores>, RowMean.Figure<Scores> {
  private final int k;
  private final TieBreak ties;

  TopKAccuracy(int k, TieBreak ties) {
    Rows.check(k >= 1, "k must be at least 1, but was %d", k);
    this.k = k;
    this.ties = ties;
  }

  /**
   * Says which of several classes with the same score comes first.
   *
   * @param rule the rule
   * @return the metric
   */
  public TopKAccuracy ties(TieBreak rule) {
    return new TopKAccuracy(k, rule);
  }

  @Override
  public void check(Scores batch) {
    Rows.check(
        !batch.isBinary(),
        "top-k accuracy needs a score for each class; for the score of one class choose a threshold"
            + " with toLabels(threshold) and take accuracy");
  }

  @Override
  public double of(Scores batch, int row) {
    int truth = batch.truth[row];
    int offset = row * batch.columns;
    double score = batch.scores[offset + truth];
    int above = 0;
    int tiedBefore = 0;
    int tiedAfter = 0;
    for (int i = 0; i < batch.columns; i++) {
      double other = batch.scores[offset + i];
      if (other > score) {
        above++;
      } else if (other == score && i != truth) {
        if (i < truth) {
          tiedBefore++;
        } else {
          tiedAfter++;
        }
      }
    }
    return hit(above, tiedBefore, tiedAfter);
  }

  private double hit(int above, int tiedBefore, int tiedAfter) {
    return switch (ties) {
      case HIGHEST_INDEX -> above + tiedAfter < k ? 1 : 0;
      case LOWEST_INDEX -> above + tiedBefore < k ? 1 : 0;
      case PESSIMISTIC -> above + tiedBefore + tiedAfter < k ? 1 : 0;
      case EXPECTED ->
          Math.max(0, Math.min(1, (k - above) / (double) (tiedBefore + tiedAfter + 1)));
    };
  }

  @Override
  public String name() {
    return "top-" + k + " accuracy";
  }

  @Override
  public String identity() {
    return name() + "[ties=" + ties + "]";
  }

  @Override
  public Class<Scores> batchType() {
    return Scores.class;
  }

  @Override
  public MetricState<Scores> newState() {
    return MetricState.of(this, new RowMean<Scores>(this), RowMean::mean);
  }

  @Override
  public String toString() {
    return identity();
  }
}
