package io.vivace.evaluate.metric;

import java.util.function.Function;

/**
 * An accumulator whose content follows from how often each row of a batch counts, without going
 * through the rows' data again: what makes a bootstrap fast.
 *
 * @param <B> the batches it sees
 * @param <A> the implementing type itself
 */
interface Refillable<B extends Batch, A extends Accumulator<B, A>> {
  /** Looks at the batch once. The function returned may be called by many threads. */
  Function<int[], A> refill(B batch);
}
