package io.vivace.evaluate.metric;

/**
 * The mean squared distance of probabilities from the truth: over all classes {@code sum (p_k -
 * y_k)^2}, lower is better. Immutable. Source: Brier, "Verification of forecasts expressed in terms
 * of probability", 1950.
 *
 * <p>Default: halved with two classes, so that it is {@code (p - y)^2} in [0, 1]; not halved with
 * more, in [0, 2].
 */
public final class BrierScore implements Metric<Scores>, RowMean.Figure<Scores> {
  private enum Scale {
    AUTO,
    HALF,
    FULL
  }

  static final BrierScore DEFAULT = new BrierScore(Scale.AUTO);

  private final Scale scale;

  private BrierScore(Scale scale) {
    this.scale = scale;
  }

  /**
   * Halves the sum over classes, whatever their number, so that it is in [0, 1].
   *
   * @return the metric
   */
  public BrierScore halved() {
    return new BrierScore(Scale.HALF);
  }

  /**
   * Takes the whole sum over classes, whatever their number, so that it is in [0, 2].
   *
   * @return the metric
   */
  public BrierScore unhalved() {
    return new BrierScore(Scale.FULL);
  }

  @Override
  public void check(Scores batch) {
    Probabilities.check(batch);
  }

  @Override
  public double of(Scores batch, int row) {
    boolean half = scale == Scale.HALF || (scale == Scale.AUTO && batch.classes < 3);
    return half ? sum(batch, row) / 2 : sum(batch, row);
  }

  private static double sum(Scores batch, int row) {
    int truth = batch.truth[row];
    if (batch.isBinary()) {
      double distance = batch.scores[row] - truth;
      return 2 * distance * distance;
    }
    double sum = 0;
    int offset = row * batch.columns;
    for (int k = 0; k < batch.columns; k++) {
      double distance = batch.scores[offset + k] - (k == truth ? 1 : 0);
      sum += distance * distance;
    }
    return sum;
  }

  @Override
  public String name() {
    return "brier";
  }

  @Override
  public String identity() {
    return "brier[scale=" + scale + "]";
  }

  @Override
  public Goal goal() {
    return Goal.MINIMIZE;
  }

  @Override
  public double lowest() {
    return 0;
  }

  @Override
  public double highest() {
    return scale == Scale.HALF ? 1 : 2;
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
