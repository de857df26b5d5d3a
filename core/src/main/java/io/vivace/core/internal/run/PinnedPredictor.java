package io.vivace.core.internal.run;

import io.vivace.core.model.Signature;
import io.vivace.core.observe.ModelVersion;
import java.util.List;

/** A view of one version, which keeps that version from being closed. */
final class PinnedPredictor<I, O> extends LeasingPredictor<I, O> {
  private final String name;
  private final Held<I, O> held;

  /** Takes over a lease that the caller has taken. */
  PinnedPredictor(String name, Held<I, O> version) {
    this.name = name;
    this.held = new Held<>(version.predictor(), new Lease(version.lease()::release));
  }

  @Override
  Held<I, O> acquire() {
    if (!held.lease().acquire()) {
      throw Workers.closed(name);
    }
    return held;
  }

  @Override
  public List<ModelVersion> models() {
    return held.predictor().models();
  }

  @Override
  public Signature signature() {
    return held.predictor().signature();
  }

  @Override
  public void close() {
    held.lease().close();
  }

  @Override
  public String toString() {
    return "pinned " + held.predictor();
  }
}
