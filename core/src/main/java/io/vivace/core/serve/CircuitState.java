package io.vivace.core.serve;

/** What a circuit breaker does; see {@link CircuitBreakerOptions}. */
public enum CircuitState {
  /** Every call asks the predictor. */
  CLOSED,
  /** No call asks the predictor. */
  OPEN,
  /** A few calls ask the predictor, to see whether it answers again. */
  HALF_OPEN
}
