package io.vivace.core.serve;

import dev.failsafe.CircuitBreaker;
import io.vivace.core.InferenceException.Code;
import io.vivace.core.observe.InferenceListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A circuit breaker of Failsafe, which tells when it opens and closes; or none at all. */
final class Breaker {
  private static final Logger log = LoggerFactory.getLogger(FallbackPredictor.class);

  private final @Nullable CircuitBreaker<Object> breaker;
  private volatile Code lastFailure = Code.ENGINE;

  Breaker(@Nullable CircuitBreakerOptions options, String predictor, InferenceListener listener) {
    this.breaker = options == null ? null : breaker(options, predictor, listener);
  }

  private CircuitBreaker<Object> breaker(
      CircuitBreakerOptions options, String predictor, InferenceListener listener) {
    return CircuitBreaker.builder()
        .withFailureThreshold(options.failures(), options.window())
        .withSuccessThreshold(options.trials())
        .withDelay(options.pause())
        .onOpen(
            event -> {
              log.warn(
                  "predictor {}: its circuit breaker opened after {}; asked again in {}",
                  predictor,
                  lastFailure,
                  options.pause());
              listener.breakerOpened(predictor);
            })
        .onClose(
            event -> {
              log.info("predictor {}: its circuit breaker closed", predictor);
              listener.breakerClosed(predictor);
            })
        .build();
  }

  /** Whether the predictor may be asked; then one of the methods below must follow. */
  boolean permits() {
    return breaker == null || breaker.tryAcquirePermit();
  }

  void succeeded() {
    if (breaker != null) {
      breaker.recordSuccess();
    }
  }

  void failed(Code code) {
    lastFailure = code;
    if (breaker != null) {
      breaker.recordFailure();
    }
  }

  /** A call that says nothing of the predictor. While it is on trial, only a success counts. */
  void undecided() {
    if (breaker != null && !breaker.isClosed()) {
      breaker.recordFailure();
    }
  }

  /** Why the last call that counted failed. */
  Code lastFailure() {
    return lastFailure;
  }

  CircuitState state() {
    if (breaker == null) {
      return CircuitState.CLOSED;
    }
    return switch (breaker.getState()) {
      case CLOSED -> CircuitState.CLOSED;
      case OPEN -> CircuitState.OPEN;
      case HALF_OPEN -> CircuitState.HALF_OPEN;
    };
  }
}
