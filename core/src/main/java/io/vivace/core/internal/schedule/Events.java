package io.vivace.core.internal.schedule;

import io.vivace.core.InferenceException;
import io.vivace.core.observe.InferenceListener;
import io.vivace.core.observe.ModelVersion;
import io.vivace.core.observe.ShedReason;
import java.util.List;

/**
 * Tells a listener what happens with one model; costs one comparison where nobody listens. What an
 * operator should know is logged all the same.
 */
public final class Events {
  private final InferenceListener listener;
  private final ModelVersion model;
  private final boolean on;

  /**
   * Makes events.
   *
   * @param listener what the user wants to hear them
   * @param warnings hears them in any case
   */
  public Events(InferenceListener listener, InferenceListener warnings, ModelVersion model) {
    this.on = listener != InferenceListener.NONE;
    this.listener = on ? InferenceListener.all(List.of(warnings, listener)) : warnings;
    this.model = model;
  }

  public ModelVersion model() {
    return model;
  }

  /** Whether somebody listens, so that the clock must be read. */
  public boolean isOn() {
    return on;
  }

  void queued(int pending) {
    if (on) {
      listener.queued(model, pending);
    }
  }

  public void shed(ShedReason reason, long waitedNanos) {
    listener.shed(model, reason, waitedNanos);
  }

  public void ran(int rows, int size, long assembleNanos, long runNanos, long splitNanos) {
    if (on) {
      listener.ran(model, rows, size, assembleNanos, runNanos, splitNanos);
    }
  }

  public void runFailed(int rows, Throwable error) {
    listener.runFailed(model, rows, error);
  }

  public void completed(long queueNanos, long totalNanos) {
    if (on) {
      listener.completed(model, queueNanos, totalNanos);
    }
  }

  public void failed(Throwable error, long totalNanos) {
    if (on) {
      InferenceException.Code code =
          error instanceof InferenceException known ? known.code() : InferenceException.Code.ENGINE;
      listener.failed(model, code, totalNanos);
    }
  }

  void cancelled(long totalNanos) {
    if (on) {
      listener.cancelled(model, totalNanos);
    }
  }

  void zombieBegan() {
    listener.zombieBegan(model);
  }

  void zombieEnded(long nanos) {
    listener.zombieEnded(model, nanos);
  }

  public void opened() {
    listener.opened(model);
  }

  public void closed() {
    listener.closed(model);
  }
}
