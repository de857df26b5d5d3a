package io.vivace.core.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.vivace.core.InferenceException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Records what predictors do in a Micrometer registry. Needs {@code io.micrometer:micrometer-core}
 * on the class path; nothing else of Vivace does. Thread-safe; one object serves any number of
 * predictors.
 *
 * <table>
 * <caption>Meters; all have the tags {@code predictor}, {@code version}, {@code engine} and {@code
 * device}</caption>
 * <tr><th>name</th><th>kind</th><th>what</th></tr>
 * <tr><td>{@code vivace.queue}</td><td>timer</td><td>waiting, of requests with an answer</td></tr>
 * <tr><td>{@code vivace.assemble}</td><td>timer</td><td>writing a batch's rows</td></tr>
 * <tr><td>{@code vivace.run}</td><td>timer</td><td>the engine, a batch</td></tr>
 * <tr><td>{@code vivace.split}</td><td>timer</td><td>handing out a batch's answers</td></tr>
 * <tr><td>{@code vivace.total}</td><td>timer</td><td>requests, from call to answer</td></tr>
 * <tr><td>{@code vivace.batch.size}</td><td>summary</td><td>requests in a batch</td></tr>
 * <tr><td>{@code vivace.batch.fill}</td><td>summary</td><td>0 to 1: the part that was no
 *     padding</td></tr>
 * <tr><td>{@code vivace.pending}</td><td>summary</td><td>pending requests whenever one has to
 *     wait</td></tr>
 * <tr><td>{@code vivace.shed}</td><td>counter, by {@code reason}</td><td>requests turned away
 *     before they ran</td></tr>
 * <tr><td>{@code vivace.failed}</td><td>counter, by {@code code}</td><td>requests that got an
 *     error</td></tr>
 * <tr><td>{@code vivace.cancelled}</td><td>counter</td><td>requests given up by callers</td></tr>
 * <tr><td>{@code vivace.run.failures}</td><td>counter</td><td>batches the engine failed on</td></tr>
 * <tr><td>{@code vivace.zombie.runs}</td><td>counter</td><td>runs that outlived their
 *     callers</td></tr>
 * <tr><td>{@code vivace.zombie.active}</td><td>gauge</td><td>those that have not returned</td></tr>
 * </table>
 *
 * <p>With the tag {@code predictor} only: the counters {@code vivace.swaps} (by {@code outcome}:
 * {@code success} or {@code failure}) and {@code vivace.fallbacks} (by {@code code}), and the gauge
 * {@code vivace.breaker.open} (1 while open). Percentiles and buckets of the timers are set with a
 * {@code MeterFilter} of the registry.
 *
 * <p>The number of meters is bounded: a predictor keeps those of {@value #MAX_VERSIONS} versions.
 * One more removes the oldest version that is closed from the registry; if none is, its tag {@code
 * version} is {@value #OTHER}. Beyond {@value #MAX_PREDICTORS} predictors the tag {@code predictor}
 * is {@value #OTHER} too.
 */
public final class MicrometerMetrics implements InferenceListener {
  /** How many versions of a predictor have meters of their own. */
  static final int MAX_VERSIONS = 5;

  /** How many predictors have meters of their own. */
  static final int MAX_PREDICTORS = 100;

  /** The tag of what has none of its own. */
  static final String OTHER = "other";

  private final MeterRegistry registry;
  private final ModelMeters.Directory directory;
  private final ConcurrentHashMap<String, PredictorMeters> predictors = new ConcurrentHashMap<>();

  /**
   * Makes a listener for a registry.
   *
   * @param registry where the meters go
   */
  public MicrometerMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.directory = new ModelMeters.Directory(registry);
  }

  private PredictorMeters predictor(String name) {
    PredictorMeters meters = predictors.get(name);
    if (meters != null) {
      return meters;
    }
    String tag = predictors.size() < MAX_PREDICTORS ? name : OTHER;
    return predictors.computeIfAbsent(tag, key -> new PredictorMeters(registry, key));
  }

  @Override
  public void queued(ModelVersion model, int pending) {
    directory.of(model).pending.record(pending);
  }

  @Override
  public void shed(ModelVersion model, ShedReason reason, long waitedNanos) {
    directory.of(model).shed(reason);
  }

  @Override
  public void ran(
      ModelVersion model, int rows, int size, long assembleNanos, long runNanos, long splitNanos) {
    directory.of(model).ran(rows, size, assembleNanos, runNanos, splitNanos);
  }

  @Override
  public void runFailed(ModelVersion model, int rows, Throwable error) {
    directory.of(model).runFailures.increment();
  }

  @Override
  public void completed(ModelVersion model, long queueNanos, long totalNanos) {
    directory.of(model).completed(queueNanos, totalNanos);
  }

  @Override
  public void failed(ModelVersion model, InferenceException.Code code, long totalNanos) {
    directory.of(model).failed(code);
  }

  @Override
  public void cancelled(ModelVersion model, long totalNanos) {
    directory.of(model).cancelled.increment();
  }

  @Override
  public void zombieBegan(ModelVersion model) {
    directory.of(model).zombieBegan();
  }

  @Override
  public void zombieEnded(ModelVersion model, long nanos) {
    directory.of(model).zombieEnded();
  }

  @Override
  public void opened(ModelVersion model) {
    directory.open(model);
  }

  @Override
  public void swapped(ModelVersion before, ModelVersion after, long nanos) {
    directory.open(after);
    predictor(after.predictor()).swaps.increment();
  }

  @Override
  public void swapFailed(ModelVersion model, Throwable error) {
    predictor(model.predictor()).failedSwaps.increment();
  }

  @Override
  public void closed(ModelVersion model) {
    directory.close(model);
  }

  @Override
  public void fellBack(String predictor, InferenceException.Code code) {
    predictor(predictor).fellBack(code);
  }

  @Override
  public void breakerOpened(String predictor) {
    predictor(predictor).breakerOpen.set(1);
  }

  @Override
  public void breakerClosed(String predictor) {
    predictor(predictor).breakerOpen.set(0);
  }

  @Override
  public String toString() {
    return "MicrometerMetrics[" + registry.getClass().getSimpleName() + "]";
  }
}
