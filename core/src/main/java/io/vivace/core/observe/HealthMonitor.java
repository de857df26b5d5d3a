package io.vivace.core.observe;

import io.vivace.core.spi.EngineProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Finds out from the events of predictors how they do. Thread-safe; one monitor serves any number
 * of predictors.
 *
 * <pre>{@code
 * HealthMonitor monitor = HealthMonitor.standard();
 * // builder.listener(monitor) ...
 * Health health = monitor.health();
 * }</pre>
 *
 * <p>Degraded means: requests were turned away lately, a circuit breaker is open, the last swap
 * failed, a run goes on that nobody waits for, or an engine's self-test found wrong numbers and had
 * to be cured. Closed predictors are forgotten.
 */
public final class HealthMonitor implements InferenceListener {
  private static final Duration WINDOW = Duration.ofSeconds(30);
  private static final Duration STUCK = Duration.ofMinutes(5);

  private final long windowNanos;
  private final long stuckNanos;
  private final LongSupplier clock;
  private final Function<String, String> selfTests;
  private final Map<String, PredictorHealth> predictors = new ConcurrentSkipListMap<>();
  private final Map<String, String> verdicts = new ConcurrentHashMap<>();

  private HealthMonitor(
      Duration window, Duration stuck, LongSupplier clock, Function<String, String> selfTests) {
    this.windowNanos = window.toNanos();
    this.stuckNanos = stuck.toNanos();
    this.clock = clock;
    this.selfTests = selfTests;
  }

  /**
   * Makes a monitor: turning requests away counts for 30 seconds, and a process is not live any
   * more once runs that nobody waits for have not returned for five minutes.
   *
   * @return a monitor that knows of no predictor yet, and so is not ready
   */
  public static HealthMonitor standard() {
    return new HealthMonitor(WINDOW, STUCK, System::nanoTime, HealthMonitor::selfTest);
  }

  /**
   * Returns a monitor with another memory, without what this one has heard.
   *
   * @param window how long it counts that a request was turned away; above 0
   * @return a new monitor
   * @throws IllegalArgumentException if the window is not above 0
   */
  public HealthMonitor remembering(Duration window) {
    return new HealthMonitor(
        positive("window", window), Duration.ofNanos(stuckNanos), clock, selfTests);
  }

  /**
   * Returns a monitor with another patience, without what this one has heard.
   *
   * @param time how long a run may go on without anybody waiting before the process is not live;
   *     above 0
   * @return a new monitor
   * @throws IllegalArgumentException if the time is not above 0
   */
  public HealthMonitor stuckAfter(Duration time) {
    return new HealthMonitor(
        Duration.ofNanos(windowNanos), positive("time", time), clock, selfTests);
  }

  /** With a clock and engines of a test's own. */
  static HealthMonitor with(LongSupplier clock, Function<String, String> selfTests) {
    return new HealthMonitor(WINDOW, STUCK, clock, selfTests);
  }

  private static Duration positive(String what, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(what + " must be above 0, but was " + value);
    }
    return value;
  }

  /**
   * Sums up how the predictors do now.
   *
   * @return the health; not ready if no predictor was ever opened, or all are closed
   */
  public Health health() {
    long now = clock.getAsLong();
    boolean live = true;
    boolean ready = true;
    List<String> degraded = new ArrayList<>();
    List<ModelVersion> models = new ArrayList<>();
    for (PredictorHealth each : predictors.values()) {
      live &= each.isLive(now, stuckNanos);
      ready &= each.isReady();
      models.addAll(each.models());
      each.degraded(now, windowNanos, degraded);
    }
    models.stream().map(ModelVersion::engine).distinct().forEach(name -> judge(name, degraded));
    return new Health(live, ready && !models.isEmpty(), degraded, models);
  }

  private void judge(String engine, List<String> degraded) {
    String verdict = verdicts.computeIfAbsent(engine, selfTests);
    if (!verdict.isEmpty() && !verdict.equals("passed")) {
      degraded.add("engine " + engine + ": " + verdict);
    }
  }

  /** The verdict of an engine that has opened a model, and so is there and has been started. */
  private static String selfTest(String engine) {
    Iterator<EngineProvider> providers = ServiceLoader.load(EngineProvider.class).iterator();
    while (true) {
      try {
        if (!providers.hasNext()) {
          return "";
        }
        EngineProvider provider = providers.next();
        if (provider.name().equals(engine)) {
          return provider.report().selfTest();
        }
      } catch (ServiceConfigurationError e) {
        // Another engine is broken. Opening a model has warned of it; here it is not the question.
      }
    }
  }

  private PredictorHealth of(String predictor) {
    return predictors.computeIfAbsent(predictor, PredictorHealth::new);
  }

  @Override
  public void opened(ModelVersion model) {
    of(model.predictor()).opened(model);
  }

  @Override
  public void swapped(ModelVersion before, ModelVersion after, long nanos) {
    of(after.predictor()).swapped(before, after);
  }

  @Override
  public void swapFailed(ModelVersion model, Throwable error) {
    of(model.predictor()).swapFailed(error);
  }

  @Override
  public void closed(ModelVersion model) {
    predictors.computeIfPresent(
        model.predictor(), (name, health) -> health.closed(model) ? null : health);
  }

  @Override
  public void shed(ModelVersion model, ShedReason reason, long waitedNanos) {
    PredictorHealth health = predictors.get(model.predictor());
    if (health != null && reason != ShedReason.CLOSED) {
      health.shed(reason, clock.getAsLong());
    }
  }

  @Override
  public void zombieBegan(ModelVersion model) {
    of(model.predictor()).zombieBegan(clock.getAsLong());
  }

  @Override
  public void zombieEnded(ModelVersion model, long nanos) {
    of(model.predictor()).zombieEnded(clock.getAsLong());
  }

  @Override
  public void breakerOpened(String predictor) {
    of(predictor).breaker(true);
  }

  @Override
  public void breakerClosed(String predictor) {
    of(predictor).breaker(false);
  }

  @Override
  public String toString() {
    return "HealthMonitor[" + health() + "]";
  }
}
