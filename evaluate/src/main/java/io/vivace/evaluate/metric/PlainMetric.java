package io.vivace.evaluate.metric;

import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** A metric without options. */
record PlainMetric<B extends Batch, A extends Accumulator<B, A>>(
    String name,
    Goal goal,
    double lowest,
    double highest,
    Class<B> batchType,
    Supplier<A> accumulator,
    ToDoubleFunction<? super A> result)
    implements Metric<B> {

  @Override
  public MetricState<B> newState() {
    return MetricState.of(this, accumulator.get(), result);
  }

  @Override
  public String toString() {
    return name;
  }
}
