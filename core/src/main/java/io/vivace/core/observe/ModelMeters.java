package io.vivace.core.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.vivace.core.InferenceException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** The meters of one version of a model. */
final class ModelMeters {
  private final MeterRegistry registry;
  private final Tags tags;
  private final List<Meter> all = new ArrayList<>();
  private final Timer queue;
  private final Timer assemble;
  private final Timer run;
  private final Timer split;
  private final Timer total;
  private final DistributionSummary size;
  private final DistributionSummary fill;
  final DistributionSummary pending;
  final Counter cancelled;
  final Counter runFailures;
  private final Counter zombies;
  private final AtomicInteger zombiesNow = new AtomicInteger();
  private final Map<Enum<?>, Counter> byReason = new ConcurrentHashMap<>();
  private boolean removed;

  private ModelMeters(MeterRegistry registry, ModelVersion model) {
    this.registry = registry;
    this.tags =
        Tags.of(
            "predictor", model.predictor(),
            "version", model.version(),
            "engine", model.engine(),
            "device", model.device());
    this.queue = add(registry.timer("vivace.queue", tags));
    this.assemble = add(registry.timer("vivace.assemble", tags));
    this.run = add(registry.timer("vivace.run", tags));
    this.split = add(registry.timer("vivace.split", tags));
    this.total = add(registry.timer("vivace.total", tags));
    this.size = add(registry.summary("vivace.batch.size", tags));
    this.fill = add(registry.summary("vivace.batch.fill", tags));
    this.pending = add(registry.summary("vivace.pending", tags));
    this.cancelled = add(registry.counter("vivace.cancelled", tags));
    this.runFailures = add(registry.counter("vivace.run.failures", tags));
    this.zombies = add(registry.counter("vivace.zombie.runs", tags));
    add(
        Gauge.builder("vivace.zombie.active", zombiesNow, AtomicInteger::get)
            .tags(tags)
            .strongReference(true)
            .register(registry));
  }

  private synchronized <M extends Meter> M add(M meter) {
    if (removed) {
      registry.remove(meter); // somebody was still counting: the version is gone from the registry
    } else {
      all.add(meter);
    }
    return meter;
  }

  private synchronized void remove() {
    removed = true;
    all.forEach(registry::remove);
  }

  void ran(int rows, int places, long assembleNanos, long runNanos, long splitNanos) {
    assemble.record(assembleNanos, TimeUnit.NANOSECONDS);
    run.record(runNanos, TimeUnit.NANOSECONDS);
    split.record(splitNanos, TimeUnit.NANOSECONDS);
    size.record(rows);
    fill.record((double) rows / places);
  }

  void completed(long queueNanos, long totalNanos) {
    queue.record(queueNanos, TimeUnit.NANOSECONDS);
    total.record(totalNanos, TimeUnit.NANOSECONDS);
  }

  void zombieBegan() {
    zombies.increment();
    zombiesNow.incrementAndGet();
  }

  void zombieEnded() {
    zombiesNow.decrementAndGet();
  }

  void shed(ShedReason reason) {
    count("vivace.shed", "reason", reason);
  }

  void failed(InferenceException.Code code) {
    count("vivace.failed", "code", code);
  }

  private void count(String name, String tag, Enum<?> value) {
    Counter counter = byReason.get(value);
    if (counter == null) {
      counter =
          byReason.computeIfAbsent(
              value, key -> add(registry.counter(name, tags.and(tag, key.name()))));
    }
    counter.increment();
  }

  /** Finds the meters of a version, and sees to it that they do not become too many. */
  static final class Directory {
    private final Map<ModelVersion, ModelMeters> known = new ConcurrentHashMap<>();
    private final Function<ModelVersion, ModelMeters> maker;

    /** Versions with meters of their own and whether they are open, oldest first; by predictor. */
    private final Map<String, Map<ModelVersion, Boolean>> own = new LinkedHashMap<>();

    private final Map<ModelVersion, ModelMeters> shared = new LinkedHashMap<>();

    Directory(MeterRegistry registry) {
      this.maker = model -> new ModelMeters(registry, model);
    }

    ModelMeters of(ModelVersion model) {
      ModelMeters meters = known.get(model);
      return meters != null ? meters : register(model, false);
    }

    void open(ModelVersion model) {
      register(model, true);
    }

    /** Keeps the meters, for the last values are still to be read, but as the first to go. */
    synchronized void close(ModelVersion model) {
      Map<ModelVersion, Boolean> versions = own.get(model.predictor());
      if (versions != null && versions.containsKey(model)) {
        versions.put(model, false);
      } else {
        known.remove(model);
      }
    }

    private synchronized ModelMeters register(ModelVersion model, boolean open) {
      Map<ModelVersion, Boolean> versions = own.get(model.predictor());
      ModelMeters meters = known.get(model);
      if (meters == null) {
        meters = place(versions == null ? 0 : versions.size(), model);
        known.put(model, meters);
      }
      versions = own.get(model.predictor());
      if (open && versions != null && versions.containsKey(model)) {
        versions.put(model, true);
      }
      return meters;
    }

    private ModelMeters place(int siblings, ModelVersion model) {
      if (siblings == 0 && own.size() >= MicrometerMetrics.MAX_PREDICTORS && !forgetPredictor()) {
        return shared(MicrometerMetrics.OTHER, model);
      }
      if (siblings >= MicrometerMetrics.MAX_VERSIONS && !forgetOne(model.predictor())) {
        return shared(model.predictor(), model);
      }
      own.computeIfAbsent(model.predictor(), name -> new LinkedHashMap<>()).put(model, false);
      return maker.apply(model);
    }

    private ModelMeters shared(String predictor, ModelVersion model) {
      String engine = predictor.equals(model.predictor()) ? model.engine() : predictor;
      ModelVersion key =
          new ModelVersion(predictor, MicrometerMetrics.OTHER, engine, MicrometerMetrics.OTHER);
      return shared.computeIfAbsent(key, maker);
    }

    /** Removes a predictor that is closed as a whole. */
    private boolean forgetPredictor() {
      for (Map.Entry<String, Map<ModelVersion, Boolean>> each : own.entrySet()) {
        if (!each.getValue().containsValue(true)) {
          each.getValue().keySet().forEach(this::forgetMeters);
          own.remove(each.getKey());
          return true;
        }
      }
      return false;
    }

    private boolean forgetOne(String predictor) {
      Map<ModelVersion, Boolean> versions = own.getOrDefault(predictor, Map.of());
      for (Map.Entry<ModelVersion, Boolean> version : versions.entrySet()) {
        if (!version.getValue()) {
          forgetMeters(version.getKey());
          versions.remove(version.getKey());
          return true;
        }
      }
      return false;
    }

    private void forgetMeters(ModelVersion model) {
      ModelMeters gone = known.remove(model);
      if (gone != null) {
        gone.remove();
      }
    }
  }
}
