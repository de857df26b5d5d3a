package io.vivace.core.observe;

/** Why a request was turned away before it ran. */
public enum ShedReason {
  /** As much work was pending as the predictor allows. */
  QUEUE_FULL,
  /** No place in the queue became free within the time that the caller was willing to wait. */
  WAIT_EXPIRED,
  /** A newer request took its place in a full queue. */
  DISPLACED,
  /** Its deadline passed while it waited. */
  DEADLINE_PASSED,
  /** Its deadline had not passed, but the answer would confidently have been late. */
  DEADLINE_PREDICTED,
  /** The predictor was closed while the request waited. */
  CLOSED
}
