package io.vivace.core.observe;

import io.vivace.core.InferenceException;
import java.util.List;

/**
 * Hears what a predictor does. Every method does nothing unless it is overridden.
 *
 * <p>A request is one item: a call of many items ends with one event for each. The life of a
 * request: {@link #queued} if it has to wait, then exactly one of {@link #completed}, {@link
 * #failed}, {@link #cancelled} and {@link #shed}. So at rest, requests made = completed + failed +
 * cancelled + shed.
 *
 * <p>Listeners are called on the threads that work, callers' threads among them, many at a time and
 * between taking a request and giving its answer: be thread-safe, quick, and do not block. What a
 * listener throws is logged, at most every ten seconds, and never reaches a caller; the other
 * listeners are called all the same. All times are nanoseconds.
 */
public interface InferenceListener {
  /** Hears nothing. A predictor with this listener does not even look at the clock for it. */
  InferenceListener NONE = new InferenceListener() {};

  /**
   * Makes one listener of many, called in this order. A listener that throws is in nobody's way.
   *
   * @param listeners the listeners; {@link #NONE} among them is left out
   * @return a listener that never throws; {@link #NONE} if nothing is left
   */
  static InferenceListener all(List<? extends InferenceListener> listeners) {
    return ListenerChain.of(listeners);
  }

  /**
   * Makes one listener of this and another.
   *
   * @param other called after this one
   * @return a listener that never throws
   */
  default InferenceListener and(InferenceListener other) {
    return all(List.of(this, other));
  }

  /**
   * A request waits for its turn.
   *
   * @param model the model it waits for
   * @param pending how many requests are pending, this one and those that run included
   */
  default void queued(ModelVersion model, int pending) {}

  /**
   * A request was turned away before it ran.
   *
   * @param model the model it was meant for
   * @param reason why
   * @param waitedNanos how long it had waited
   */
  default void shed(ModelVersion model, ShedReason reason, long waitedNanos) {}

  /**
   * The engine ran a batch, of one row or more.
   *
   * @param model the model that ran
   * @param rows how many requests the batch answers
   * @param size how many rows the run had, padding included: {@code rows / size} is its fill
   * @param assembleNanos time to write the rows into the batch
   * @param runNanos time in the engine
   * @param splitNanos time to hand each request its part of the outputs
   */
  default void ran(
      ModelVersion model, int rows, int size, long assembleNanos, long runNanos, long splitNanos) {}

  /**
   * The engine failed on a batch. If it had many rows they are tried again in smaller batches, and
   * only the rows at fault end with {@link #failed}.
   *
   * @param model the model that ran
   * @param rows how many requests the batch was to answer
   * @param error what was thrown
   */
  default void runFailed(ModelVersion model, int rows, Throwable error) {}

  /**
   * A request has its answer.
   *
   * @param model the model that gave it
   * @param queueNanos how long it waited for its turn; 0 if it ran at once
   * @param totalNanos time from the call to the answer
   */
  default void completed(ModelVersion model, long queueNanos, long totalNanos) {}

  /**
   * A request ended with an error: its item was at fault, the engine failed, or its answer would
   * have come after the deadline.
   *
   * @param model the model it was meant for
   * @param code what happened
   * @param totalNanos time from the call to the error
   */
  default void failed(ModelVersion model, InferenceException.Code code, long totalNanos) {}

  /**
   * A request was cancelled by its caller before it had an answer.
   *
   * @param model the model it was meant for
   * @param totalNanos time from the call to the cancellation
   */
  default void cancelled(ModelVersion model, long totalNanos) {}

  /**
   * A run goes on although nobody waits for its answer any more: native code cannot be stopped at
   * will. It keeps its place among the runs, and its lease of the model, until it returns.
   *
   * @param model the model that runs
   */
  default void zombieBegan(ModelVersion model) {}

  /**
   * A run that nobody waited for has returned.
   *
   * @param model the model that ran
   * @param nanos how long it ran without anybody waiting
   */
  default void zombieEnded(ModelVersion model, long nanos) {}

  /**
   * A model is loaded, warm and takes requests: the first one of a predictor.
   *
   * @param model the model
   */
  default void opened(ModelVersion model) {}

  /**
   * A new version took over. The old one still finishes what it began; {@link #closed} follows.
   *
   * @param before the version that served until now
   * @param after the version that serves from now on
   * @param nanos time from the call of the swap, loading and warm-up included
   */
  default void swapped(ModelVersion before, ModelVersion after, long nanos) {}

  /**
   * A new version could not be loaded or did not fit. The old one serves on.
   *
   * @param model the version that serves on
   * @param error why
   */
  default void swapFailed(ModelVersion model, Throwable error) {}

  /**
   * A model is closed and its native memory is freed.
   *
   * @param model the model
   */
  default void closed(ModelVersion model) {}

  /**
   * A fallback answered in the predictor's place.
   *
   * @param predictor the name of the predictor that did not answer
   * @param code why it did not
   */
  default void fellBack(String predictor, InferenceException.Code code) {}

  /**
   * A circuit breaker opened: the predictor is not asked until it is tried again.
   *
   * @param predictor the predictor's name
   */
  default void breakerOpened(String predictor) {}

  /**
   * A circuit breaker closed: the predictor is asked again.
   *
   * @param predictor the predictor's name
   */
  default void breakerClosed(String predictor) {}
}
