package io.vivace.core.internal.schedule;

import io.vivace.core.InferenceException;
import io.vivace.core.observe.InferenceListener;
import io.vivace.core.observe.ModelVersion;
import io.vivace.core.observe.ShedReason;
import java.util.List;

/** Tells a listener what happens with one model; costs one comparison where nobody listens. */
public final class Events {
  private final InferenceListener listener;
  private final ModelVersion model;
  private final boolean on;

  public Events(InferenceListener listener, ModelVersion model) {
    this.listener = InferenceListener.all(List.of(listener));
    this.model = model;
    this.on = this.listener != InferenceListener.NONE;
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
    if (on) {
      listener.shed(model, reason, waitedNanos);
    }
  }

  public void ran(int rows, int size, long assembleNanos, long runNanos, long splitNanos) {
    if (on) {
      listener.ran(model, rows, size, assembleNanos, runNanos, splitNanos);
    }
  }

  public void runFailed(int rows, Throwable error) {
    if (on) {
      listener.runFailed(model, rows, error);
    }
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
    if (on) {
      listener.zombieBegan(model);
    }
  }

  void zombieEnded(long nanos) {
    if (on) {
      listener.zombieEnded(model, nanos);
    }
  }

  public void opened() {
    if (on) {
      listener.opened(model);
    }
  }

  public void closed() {
    if (on) {
      listener.closed(model);
    }
  }
}
