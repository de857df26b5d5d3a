package io.vivace.core.internal.schedule;

import io.vivace.core.InferenceException;
import io.vivace.core.OverloadedException;
import io.vivace.core.PredictorClosedException;
import io.vivace.core.observe.ShedReason;

/** What those are told who are turned away. */
final class Refusal {
  private Refusal() {}

  static InferenceException of(
      ShedReason reason, Request<?, ?> request, String predictor, long now) {
    return switch (reason) {
      case CLOSED -> new PredictorClosedException("predictor \"" + predictor + "\" is closed");
      case DISPLACED ->
          new OverloadedException(
              "rejected: the predictor \""
                  + predictor
                  + "\" was full, and a newer request took this one's place. Raise maxPending or"
                  + " slow the callers.");
      default -> Deliveries.late(request, now);
    };
  }
}
