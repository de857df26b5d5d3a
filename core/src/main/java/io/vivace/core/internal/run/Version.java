package io.vivace.core.internal.run;

import io.vivace.core.Predictor;
import io.vivace.core.model.ModelSource;
import io.vivace.core.serve.ServedVersion;
import io.vivace.core.serve.ServedVersion.State;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One model of a predictor whose models change. Closed when the last user has gone. */
final class Version<I, O> {
  private static final Logger log = LoggerFactory.getLogger(Version.class);

  private final int number;
  private final ModelSource source;
  private final String origin;
  private final LeasingPredictor.Held<I, O> held;
  private final Instant since = Instant.now();
  private volatile State state = State.CURRENT;

  Version(int number, ModelSource source, Predictor<I, O> predictor) {
    this.number = number;
    this.source = source;
    this.origin = source.toString();
    this.held = new LeasingPredictor.Held<>(predictor, new Lease(this::destroy));
  }

  int number() {
    return number;
  }

  ModelSource source() {
    return source;
  }

  LeasingPredictor.Held<I, O> held() {
    return held;
  }

  boolean isClosed() {
    return state == State.CLOSED;
  }

  /** Lets no more users in; the last one closes the model. */
  void retire() {
    state = State.DRAINING;
    held.lease().close();
  }

  private void destroy() {
    try {
      held.predictor().close();
    } catch (RuntimeException e) {
      log.warn("version {} ({}) failed to close", number, source, e);
    } finally {
      state = State.CLOSED;
    }
  }

  ServedVersion describe() {
    return new ServedVersion(number, origin, since, state);
  }
}
