package io.vivace.core.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vivace.core.InferenceException;
import java.util.concurrent.atomic.AtomicInteger;

/** The meters of a predictor, whatever its model's version. */
final class PredictorMeters {
  private final MeterRegistry registry;
  private final String predictor;
  final Counter swaps;
  final Counter failedSwaps;
  final AtomicInteger breakerOpen = new AtomicInteger();

  PredictorMeters(MeterRegistry registry, String predictor) {
    this.registry = registry;
    this.predictor = predictor;
    this.swaps = registry.counter("vivace.swaps", "predictor", predictor, "outcome", "success");
    this.failedSwaps =
        registry.counter("vivace.swaps", "predictor", predictor, "outcome", "failure");
    Gauge.builder("vivace.breaker.open", breakerOpen, AtomicInteger::get)
        .tag("predictor", predictor)
        .strongReference(true)
        .register(registry);
  }

  /** Looked up each time: a fallback is no hot path. */
  void fellBack(InferenceException.Code code) {
    registry.counter("vivace.fallbacks", "predictor", predictor, "code", code.name()).increment();
  }
}
