package io.vivace.core.observe;

import io.vivace.core.InferenceException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what became of requests and collects how long they took, in fixed memory of about 1 MB and
 * without a metrics library. Thread-safe; recording takes no lock.
 *
 * <pre>{@code
 * ServingStatistics statistics = new ServingStatistics();
 * // builder.listener(statistics) ...
 * log.info("{}", statistics.summary());
 * }</pre>
 */
public final class ServingStatistics implements InferenceListener {
  private final LatencyRecorder queue = new LatencyRecorder();
  private final LatencyRecorder run = new LatencyRecorder();
  private final LatencyRecorder total = new LatencyRecorder();
  private final LongAdder completed = new LongAdder();
  private final LongAdder cancelled = new LongAdder();
  private final LongAdder runs = new LongAdder();
  private final LongAdder rows = new LongAdder();
  private final LongAdder sizes = new LongAdder();
  private final LongAdder failedRuns = new LongAdder();
  private final LongAdder zombies = new LongAdder();
  private final LongAdder zombiesEnded = new LongAdder();
  private final LongAdder swaps = new LongAdder();
  private final Map<ShedReason, LongAdder> shed = counters(ShedReason.class);
  private final Map<InferenceException.Code, LongAdder> failed =
      counters(InferenceException.Code.class);

  /** Makes statistics of nothing yet. */
  public ServingStatistics() {}

  private static <E extends Enum<E>> Map<E, LongAdder> counters(Class<E> type) {
    Map<E, LongAdder> counters = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      counters.put(constant, new LongAdder());
    }
    return counters;
  }

  /**
   * Sums up everything so far. While requests run, the counts are each right but not of the very
   * same moment.
   *
   * @return the summary
   */
  public ServingSummary summary() {
    return new ServingSummary(
        completed.sum(),
        sums(failed),
        cancelled.sum(),
        sums(shed),
        runs.sum(),
        failedRuns.sum(),
        rows.sum(),
        sizes.sum(),
        zombies.sum(),
        zombies.sum() - zombiesEnded.sum(),
        swaps.sum(),
        queue.summary(),
        run.summary(),
        total.summary());
  }

  private static <E extends Enum<E>> Map<E, Long> sums(Map<E, LongAdder> counters) {
    Map<E, Long> sums = new java.util.TreeMap<>();
    counters.forEach(
        (key, count) -> {
          if (count.sum() > 0) {
            sums.put(key, count.sum());
          }
        });
    return sums;
  }

  @Override
  public void shed(ModelVersion model, ShedReason reason, long waitedNanos) {
    increment(shed, reason);
  }

  @Override
  public void ran(
      ModelVersion model, int rows, int size, long assembleNanos, long runNanos, long splitNanos) {
    runs.increment();
    this.rows.add(rows);
    sizes.add(size);
    run.recordNanos(runNanos);
  }

  @Override
  public void runFailed(ModelVersion model, int rows, Throwable error) {
    failedRuns.increment();
  }

  @Override
  public void completed(ModelVersion model, long queueNanos, long totalNanos) {
    completed.increment();
    queue.recordNanos(queueNanos);
    total.recordNanos(totalNanos);
  }

  @Override
  public void failed(ModelVersion model, InferenceException.Code code, long totalNanos) {
    increment(failed, code);
  }

  @Override
  public void cancelled(ModelVersion model, long totalNanos) {
    cancelled.increment();
  }

  @Override
  public void zombieBegan(ModelVersion model) {
    zombies.increment();
  }

  @Override
  public void zombieEnded(ModelVersion model, long nanos) {
    zombiesEnded.increment();
  }

  @Override
  public void swapped(ModelVersion before, ModelVersion after, long nanos) {
    swaps.increment();
  }

  private static <E extends Enum<E>> void increment(Map<E, LongAdder> counters, E key) {
    LongAdder counter = counters.get(key);
    if (counter != null) {
      counter.increment();
    }
  }

  @Override
  public String toString() {
    return "ServingStatistics[" + summary() + "]";
  }
}
