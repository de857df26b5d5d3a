package io.vivace.core.serve;

import io.vivace.core.InferenceException.Code;
import io.vivace.core.observe.InferenceListener;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a {@link FallbackBuilder} was told. */
record FallbackPlan<I, O>(
    String name,
    Substitute<I, O> substitute,
    Set<Code> codes,
    @Nullable Duration primaryWithin,
    @Nullable CircuitBreakerOptions breaker,
    InferenceListener listener) {
  @Override
  public String toString() {
    return String.format(
        "name=%s, fallback=%s, on=%s, primaryWithin=%s, circuitBreaker=%s",
        name,
        substitute,
        codes,
        primaryWithin == null ? "the call's deadline" : primaryWithin,
        breaker == null ? "none" : breaker);
  }
}
