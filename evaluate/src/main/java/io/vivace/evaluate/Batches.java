package io.vivace.evaluate;

import io.vivace.evaluate.metric.Batch;
import io.vivace.evaluate.metric.Metric;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Truths and answers of some rows, as each of some metrics wants to see them. Immutable. */
final class Batches {
  /** Of no rows. */
  static final Batches NONE = new Batches(Map.of());

  private final Map<Class<?>, Batch> batches;

  private Batches(Map<Class<?>, Batch> batches) {
    this.batches = batches;
  }

  /** Makes the batches; none if there are no rows. */
  static <Y, O> Batches of(
      Scorer<? super Y, ? super O> scorer,
      List<Metric<?>> metrics,
      List<Y> truths,
      List<O> answers) {
    Map<Class<?>, Batch> batches = new HashMap<>();
    for (Metric<?> metric : metrics) {
      if (!truths.isEmpty() && !batches.containsKey(metric.batchType())) {
        batches.put(metric.batchType(), scorer.batch(metric.batchType(), truths, answers));
      }
    }
    return new Batches(batches);
  }

  Batches select(int... rows) {
    return mapped(batch -> batch.select(rows));
  }

  /** The same rows weighted, given which examples of the data they are. */
  Batches weighted(RowWeights weights, int[] examples) {
    return mapped(batch -> weights.weigh(batch, examples));
  }

  private Batches mapped(UnaryOperator<Batch> change) {
    Map<Class<?>, Batch> changed = new HashMap<>();
    batches.forEach((type, batch) -> changed.put(type, change.apply(batch)));
    return new Batches(changed);
  }

  /** The batch of a type, or null if there are no rows. */
  <B extends Batch> @Nullable B get(Class<B> type) {
    Batch batch = batches.get(type);
    return batch == null ? null : type.cast(batch);
  }

  /** The value of a metric; NaN if there are no rows. */
  <B extends Batch> double value(Metric<B> metric) {
    B batch = get(metric.batchType());
    if (batch == null) {
      return Double.NaN;
    }
    try {
      return metric.of(batch);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("metric " + metric.identity() + ": " + e.getMessage(), e);
    }
  }

  <B extends Batch> B require(Metric<B> metric) {
    return Objects.requireNonNull(get(metric.batchType()), metric::identity);
  }
}
