package io.vivace.evaluate.metric;

/**
 * A metric from 0 to 1, of which 1 is best.
 *
 * @param <B> the batches it sees
 */
interface ShareMetric<B extends Batch> extends Metric<B> {
  @Override
  default Goal goal() {
    return Goal.MAXIMIZE;
  }

  @Override
  default double lowest() {
    return 0;
  }

  @Override
  default double highest() {
    return 1;
  }
}
