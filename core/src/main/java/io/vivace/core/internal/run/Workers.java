package io.vivace.core.internal.run;

import io.vivace.core.PredictorClosedException;

/** What happens to a call of a predictor that works no more. */
final class Workers {
  private Workers() {}

  static PredictorClosedException closed(String name) {
    return new PredictorClosedException("predictor \"" + name + "\" is closed");
  }
}
