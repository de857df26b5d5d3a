package io.vivace.evaluate.metric;

/**
 * The area under the ROC curve of two classes in bounded memory, with bounds that the exact area
 * cannot leave. Immutable.
 *
 * <p>Scores are counted in buckets, exactly as long as there are no more distinct scores than
 * buckets; then neighbours are joined until they fit. Pairs of rows in different buckets are
 * decided, those in one are not, and that is the width of the bounds. Which buckets are joined
 * depends on the data alone, not on the order of updates and merges. The value is the middle of the
 * bounds, which is what counting the undecided pairs as ties gives. NaN where there are no positive
 * or no negative rows. Rows must have no weights.
 */
public final class BoundedAuc implements ShareMetric<Scores> {
  static final BoundedAuc DEFAULT = new BoundedAuc(16_384, true);

  private final int buckets;
  private final boolean ofProbabilities;

  /**
   * Proven bounds of an area.
   *
   * @param lower the exact area is not below; NaN where it is undefined
   * @param upper the exact area is not above; NaN where it is undefined
   */
  public record Bounds(double lower, double upper) {
    /**
     * Returns the middle.
     *
     * @return between the bounds
     */
    public double middle() {
      return lower + (upper - lower) / 2;
    }

    /**
     * Returns how far apart the bounds are.
     *
     * @return at least 0
     */
    public double width() {
      return upper - lower;
    }
  }

  private BoundedAuc(int buckets, boolean ofProbabilities) {
    this.buckets = buckets;
    this.ofProbabilities = ofProbabilities;
  }

  /**
   * Says how many buckets there are at most; each takes 32 bytes, twice that while it grows.
   * Default: 16384.
   *
   * @param most at least 2
   * @return the metric
   * @throws IllegalArgumentException if there are fewer
   */
  public BoundedAuc buckets(int most) {
    Rows.check(most >= 2, "there must be at least 2 buckets, but was %d", most);
    return new BoundedAuc(most, ofProbabilities);
  }

  /**
   * Takes any finite scores, with buckets that are finer near 0. Default: probabilities in [0, 1],
   * with buckets of equal width.
   *
   * @return the metric
   */
  public BoundedAuc anyScores() {
    return new BoundedAuc(buckets, false);
  }

  /**
   * Computes the bounds of one batch.
   *
   * @param batch the rows
   * @return the bounds
   */
  public Bounds bounds(Scores batch) {
    AucBuckets gathered = new AucBuckets(buckets, ofProbabilities);
    gathered.update(batch);
    return gathered.bounds();
  }

  /**
   * Computes the bounds of everything that a state has seen.
   *
   * @param state a state of this metric
   * @return the bounds
   * @throws IllegalArgumentException if it is the state of another metric
   */
  public Bounds bounds(MetricState<Scores> state) {
    AucBuckets gathered = new AucBuckets(buckets, ofProbabilities);
    MetricState<Scores> copy = MetricState.of(this, gathered, AucBuckets::middle);
    copy.merge(state);
    return gathered.bounds();
  }

  @Override
  public String name() {
    return "roc auc bounded";
  }

  @Override
  public String identity() {
    return "%s[buckets=%d, %s]"
        .formatted(name(), buckets, ofProbabilities ? "probabilities" : "any scores");
  }

  @Override
  public Class<Scores> batchType() {
    return Scores.class;
  }

  @Override
  public MetricState<Scores> newState() {
    return MetricState.of(this, new AucBuckets(buckets, ofProbabilities), AucBuckets::middle);
  }

  @Override
  public String toString() {
    return identity();
  }
}
