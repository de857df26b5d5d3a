package io.vivace.core.observe;

import io.vivace.core.InferenceException;
import io.vivace.core.internal.log.LimitedWarning;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Calls listeners one after the other, and keeps what they throw from whoever reports the event.
 *
 * <p>The loop is written out for each event: a lambda that captures the event would allocate in the
 * path of a request.
 */
final class ListenerChain implements InferenceListener {
  private final InferenceListener[] listeners;
  private final LimitedWarning warning =
      new LimitedWarning(LoggerFactory.getLogger(InferenceListener.class));

  private ListenerChain(List<InferenceListener> listeners) {
    this.listeners = listeners.toArray(InferenceListener[]::new);
  }

  static InferenceListener of(List<? extends InferenceListener> listeners) {
    List<InferenceListener> heard = new ArrayList<>();
    for (InferenceListener listener : listeners) {
      parts(Objects.requireNonNull(listener, "a listener must not be null")).forEach(heard::add);
    }
    return heard.isEmpty() ? NONE : new ListenerChain(heard);
  }

  private static Stream<InferenceListener> parts(InferenceListener listener) {
    if (listener == NONE) {
      return Stream.empty();
    }
    return listener instanceof ListenerChain chain
        ? Stream.of(chain.listeners)
        : Stream.of(listener);
  }

  private void threw(InferenceListener listener, String event, Throwable error) {
    warning.warn(
        () -> "the listener " + listener + " threw at \"" + event + "\"; serving goes on", error);
  }

  @Override
  public void queued(ModelVersion model, int pending) {
    for (InferenceListener listener : listeners) {
      try {
        listener.queued(model, pending);
      } catch (Throwable e) { // not ours to judge
        threw(listener, "queued", e);
      }
    }
  }

  @Override
  public void shed(ModelVersion model, ShedReason reason, long waitedNanos) {
    for (InferenceListener listener : listeners) {
      try {
        listener.shed(model, reason, waitedNanos);
      } catch (Throwable e) { // not ours to judge
        threw(listener, "shed", e);
      }
    }
  }

  @Override
  public void ran(
      ModelVersion model, int rows, int size, long assembleNanos, long runNanos, long splitNanos) {
    for (InferenceListener listener : listeners) {
      try {
        listener.ran(model, rows, size, assembleNanos, runNanos, splitNanos);
      } catch (Throwable e) { // not ours to judge
        threw(listener, "ran", e);
      }
    }
  }

  @Override
  public void runFailed(ModelVersion model, int rows, Throwable error) {
    for (InferenceListener listener : listeners) {
      try {
        listener.runFailed(model, rows, error);
      } catch (Throwable e) { // not ours to judge
        threw(listener, "runFailed", e);
      }
    }
  }

  @Override
  public void completed(ModelVersion model, long queueNanos, long totalNanos) {
    for (InferenceListener listener : listeners) {
      try {
        listener.completed(model, queueNanos, totalNanos);
      } catch (Throwable e) { // not ours to judge
        threw(listener, "completed", e);
      }
    }
  }

  @Override
  public void failed(ModelVersion model, InferenceException.Code code, long totalNanos) {
    for (InferenceListener listener : listeners) {
      try {
        listener.failed(model, code, totalNanos);
      } catch (Throwable e) { // not ours to judge
        threw(listener, "failed", e);
      }
    }
  }

  @Override
  public void cancelled(ModelVersion model, long totalNanos) {
    for (InferenceListener listener : listeners) {
      try {
        listener.cancelled(model, totalNanos);
      } catch (Throwable e) { // not ours to judge
        threw(listener, "cancelled", e);
      }
    }
  }

  @Override
  public void zombieBegan(ModelVersion model) {
    for (InferenceListener listener : listeners) {
      try {
        listener.zombieBegan(model);
      } catch (Throwable e) { // not ours to judge
        threw(listener, "zombieBegan", e);
      }
    }
  }

  @Override
  public void zombieEnded(ModelVersion model, long nanos) {
    for (InferenceListener listener : listeners) {
      try {
        listener.zombieEnded(model, nanos);
      } catch (Throwable e) { // not ours to judge
        threw(listener, "zombieEnded", e);
      }
    }
  }

  @Override
  public void opened(ModelVersion model) {
    for (InferenceListener listener : listeners) {
      try {
        listener.opened(model);
      } catch (Throwable e) { // not ours to judge
        threw(listener, "opened", e);
      }
    }
  }

  @Override
  public void swapped(ModelVersion before, ModelVersion after, long nanos) {
    for (InferenceListener listener : listeners) {
      try {
        listener.swapped(before, after, nanos);
      } catch (Throwable e) { // not ours to judge
        threw(listener, "swapped", e);
      }
    }
  }

  @Override
  public void swapFailed(ModelVersion model, Throwable error) {
    for (InferenceListener listener : listeners) {
      try {
        listener.swapFailed(model, error);
      } catch (Throwable e) { // not ours to judge
        threw(listener, "swapFailed", e);
      }
    }
  }

  @Override
  public void closed(ModelVersion model) {
    for (InferenceListener listener : listeners) {
      try {
        listener.closed(model);
      } catch (Throwable e) { // not ours to judge
        threw(listener, "closed", e);
      }
    }
  }

  @Override
  public void fellBack(String predictor, InferenceException.Code code) {
    for (InferenceListener listener : listeners) {
      try {
        listener.fellBack(predictor, code);
      } catch (Throwable e) { // not ours to judge
        threw(listener, "fellBack", e);
      }
    }
  }

  @Override
  public void breakerOpened(String predictor) {
    for (InferenceListener listener : listeners) {
      try {
        listener.breakerOpened(predictor);
      } catch (Throwable e) { // not ours to judge
        threw(listener, "breakerOpened", e);
      }
    }
  }

  @Override
  public void breakerClosed(String predictor) {
    for (InferenceListener listener : listeners) {
      try {
        listener.breakerClosed(predictor);
      } catch (Throwable e) { // not ours to judge
        threw(listener, "breakerClosed", e);
      }
    }
  }

  @Override
  public String toString() {
    return List.of(listeners).toString();
  }
}
