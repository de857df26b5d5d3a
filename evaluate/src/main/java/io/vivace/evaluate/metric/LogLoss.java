package io.vivace.evaluate.metric;

/** The negative logarithm of the probability that the true class was given. */
final class LogLoss implements RowMean.Figure<Scores> {
  private static final double DOUBLE_EPSILON = Math.ulp(1.0);
  private static final double FLOAT_EPSILON = Math.ulp(1.0f);

  @Override
  public void check(Scores batch) {
    Probabilities.check(batch);
  }

  @Override
  public double of(Scores batch, int row) {
    double epsilon = batch.single ? FLOAT_EPSILON : DOUBLE_EPSILON;
    double p = ofTruth(batch, row);
    return -Math.log(Math.max(epsilon, Math.min(1 - epsilon, p)));
  }

  private static double ofTruth(Scores batch, int row) {
    if (batch.isBinary()) {
      return batch.truth[row] == 1 ? batch.scores[row] : 1 - batch.scores[row];
    }
    return batch.scores[row * batch.columns + batch.truth[row]];
  }
}
