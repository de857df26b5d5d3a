package io.vivace.core;

import java.util.concurrent.CancellationException;

/**
 * Tells long-running work whether to give up. The work asks from time to time, from any thread.
 *
 * <p>A signal is any function that answers, so the flag can be of any kind:
 *
 * <pre>{@code
 * AtomicBoolean stopped = new AtomicBoolean();
 * FitContext<float[], Integer> context =
 *     FitContext.<float[], Integer>defaults().stopSignal(stopped::get);
 * }</pre>
 */
@FunctionalInterface
public interface StopSignal {
  /**
   * Tells whether to give up. Thread-safe and fast.
   *
   * @return true from the moment on that the work is no longer wanted
   */
  boolean isRequested();

  /**
   * Gives up if that is requested.
   *
   * @throws CancellationException if so
   */
  default void throwIfRequested() {
    if (isRequested()) {
      throw new CancellationException("stopped: the stop signal was given before the end");
    }
  }

  /**
   * Joins two signals, as that of one trial and that of the whole search.
   *
   * @param other another signal
   * @return a signal that is given as soon as one of the two is
   */
  default StopSignal or(StopSignal other) {
    return () -> isRequested() || other.isRequested();
  }

  /**
   * Returns the signal that is never given.
   *
   * @return a signal
   */
  static StopSignal never() {
    return () -> false;
  }
}
