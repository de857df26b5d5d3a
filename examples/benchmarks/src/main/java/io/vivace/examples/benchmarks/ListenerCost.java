package io.vivace.examples.benchmarks;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vivace.core.Predictor;
import io.vivace.core.observe.FlightRecorderEvents;
import io.vivace.core.observe.HealthMonitor;
import io.vivace.core.observe.InferenceListener;
import io.vivace.core.observe.MicrometerMetrics;
import io.vivace.core.observe.ServingStatistics;
import java.util.List;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** What listening costs a lone caller, in turns with a predictor that nobody listens to. */
final class ListenerCost {
  private static final int ROUNDS = Scale.count(40, 8);
  private static final int CALLS = Scale.count(20_000, 4_000);
  private static final double ALLOWED_PART = 0.03;
  private static final double ALLOWED_MICROS = 1;

  private ListenerCost() {}

  static void measure(Consumer<Figure> figures) throws Exception {
    InferenceListener all =
        InferenceListener.all(
            List.of(
                new MicrometerMetrics(new SimpleMeterRegistry()),
                new ServingStatistics(),
                HealthMonitor.standard(),
                new FlightRecorderEvents()));
    measure("micrometer", new MicrometerMetrics(new SimpleMeterRegistry()), figures);
    measure("all-listeners", all, figures);
  }

  private static void measure(String name, InferenceListener listener, Consumer<Figure> figures)
      throws Exception {
    Workload<float[]> workload = Workload.digits();
    try (Predictor<float[], float[]> off = workload.builder().get().build();
        Predictor<float[], float[]> on = workload.builder().get().listener(listener).build()) {
      Histogram without = new Histogram(3);
      Histogram with = new Histogram(3);
      for (int round = -ROUNDS / 4; round < ROUNDS; round++) {
        if (round == 0) {
          without.reset();
          with.reset();
        }
        record(off, workload, without);
        record(on, workload, with);
      }
      double base = without.getValueAtPercentile(50) / 1e3;
      double added = with.getValueAtPercentile(50) / 1e3 - base;
      double bar = Math.max(ALLOWED_MICROS, ALLOWED_PART * base);
      figures.accept(
          new Figure(
              "serve",
              "digits-mlp-added-p50-by-" + name,
              added,
              bar,
              "us",
              bar / Math.max(0.001, added),
              "bar"));
    }
  }

  private static void record(
      Predictor<float[], float[]> predictor, Workload<float[]> workload, Histogram latency) {
    List<float[]> items = workload.items();
    for (int i = 0; i < CALLS; i++) {
      long begin = System.nanoTime();
      Race.sink = predictor.predict(items.get(i % items.size()));
      latency.recordValue(System.nanoTime() - begin);
    }
  }
}
