package io.vivace.core.serve;

import io.vivace.core.CallOptions;
import io.vivace.core.Predictor;
import io.vivace.core.PredictorClosedException;
import io.vivace.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One stream of items through a recurrent model, with the state between them. Made by {@link
 * StatefulPredictor#newSession}.
 *
 * <p>The order of the items matters, so there is one call at a time: a call that is made before the
 * last one has its answer is an {@link IllegalStateException}. It may come from any thread. A call
 * that fails leaves the state as it was before it, so that it can be made again.
 *
 * @param <I> the type of the items
 * @param <O> the type of the answers
 */
public final class StatefulSession<I, O> implements AutoCloseable {
  private final Predictor<StatefulItem<I>, StatefulAnswer<O>> predictor;
  private final List<StateTensor> states;
  private final Consumer<StatefulSession<I, O>> onClose;
  private final Runnable release;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile List<Tensor> state;

  StatefulSession(
      Predictor<StatefulItem<I>, StatefulAnswer<O>> predictor,
      List<StateTensor> states,
      Consumer<StatefulSession<I, O>> onClose,
      Runnable release) {
    this.predictor = predictor;
    this.states = states;
    this.onClose = onClose;
    this.release = release;
    this.state = zeros(states);
  }

  private static List<Tensor> zeros(List<StateTensor> states) {
    return states.stream().map(StateTensor::zeros).toList();
  }

  /**
   * Answers the next item on the calling thread.
   *
   * @param item the item
   * @return the answer
   * @throws io.vivace.core.InferenceException if there is none, as {@link Predictor#predict}
   * @throws IllegalStateException if another call of this session is under way
   */
  public O next(I item) {
    return next(item, CallOptions.defaults());
  }

  /**
   * Answers the next item on the calling thread, with options for this call.
   *
   * @param item the item
   * @param options deadline, priority and key
   * @return the answer
   * @throws io.vivace.core.InferenceException if there is none, as {@link Predictor#predict(Object,
   *     CallOptions)}
   * @throws IllegalStateException if another call of this session is under way
   */
  public O next(I item, CallOptions options) {
    begin();
    try {
      StatefulAnswer<O> answer = predictor.predict(new StatefulItem<>(item, state), options);
      state = answer.state();
      return answer.answer();
    } finally {
      busy.set(false);
    }
  }

  /**
   * Answers the next item on a thread of the predictor.
   *
   * @param item the item
   * @param options deadline, priority and key
   * @return the answer to come; when it is there, the next call may be made
   * @throws IllegalStateException if another call of this session is under way
   * @throws PredictorClosedException if the session is closed
   */
  public CompletableFuture<O> nextAsync(I item, CallOptions options) {
    begin();
    CompletableFuture<StatefulAnswer<O>> asked;
    try {
      asked = predictor.predictAsync(new StatefulItem<>(item, state), options);
    } catch (Throwable e) {
      busy.set(false);
      throw e;
    }
    DerivedFuture<O> result = new DerivedFuture<>();
    var unused = asked.whenComplete((answer, error) -> advance(result, answer, error));
    result.cancelling(asked);
    return result;
  }

  private void advance(
      DerivedFuture<O> result,
      @org.jspecify.annotations.Nullable StatefulAnswer<O> answer,
      @org.jspecify.annotations.Nullable Throwable error) {
    if (error == null && answer != null && !result.isDone()) {
      state = answer.state();
    }
    busy.set(false);
    if (answer != null) {
      result.complete(answer.answer());
    } else if (error != null) {
      result.completeExceptionally(DerivedFuture.reason(error));
    }
  }

  private void begin() {
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "another call of this session is under way; make one after the other, or open a session"
              + " for each stream");
    }
    if (closed.get()) {
      busy.set(false);
      throw new PredictorClosedException("the session is closed");
    }
  }

  /**
   * Goes back to a state of zeros, as for a new stream.
   *
   * @throws IllegalStateException if a call of this session is under way
   * @throws PredictorClosedException if the session is closed
   */
  public void reset() {
    begin();
    state = zeros(states);
    busy.set(false);
  }

  /**
   * Copies the state, for example to save it.
   *
   * @return a tensor for each state, by the name of its input
   */
  public Map<String, Tensor> state() {
    List<Tensor> now = state;
    Map<String, Tensor> copy = new LinkedHashMap<>();
    for (int i = 0; i < states.size(); i++) {
      copy.put(states.get(i).input().name(), copy(now.get(i)));
    }
    return copy;
  }

  /**
   * Sets the state, for example to one that was saved.
   *
   * @param saved a tensor for each state, by the name of its input; copied
   * @throws io.vivace.core.InvalidInputException if one has another type or shape
   * @throws IllegalArgumentException if the names are not those of the states
   * @throws IllegalStateException if a call of this session is under way
   * @throws PredictorClosedException if the session is closed
   */
  public void restore(Map<String, Tensor> saved) {
    List<String> names = states.stream().map(each -> each.input().name()).toList();
    if (!saved.keySet().equals(java.util.Set.copyOf(names))) {
      throw new IllegalArgumentException(
          "the states are " + names + ", but there were " + saved.keySet());
    }
    List<Tensor> next = new ArrayList<>();
    for (StateTensor each : states) {
      Tensor value = Objects.requireNonNull(saved.get(each.input().name()), "a saved state");
      each.check(value);
      next.add(copy(value));
    }
    begin();
    state = next;
    busy.set(false);
  }

  private static Tensor copy(Tensor tensor) {
    Tensor copy = Tensor.allocate(tensor.type(), tensor.shape());
    ByteBuffer data = copy.data();
    data.put(tensor.data());
    return copy;
  }

  /** Ends the session. A call that is under way gets its answer. May be called twice. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      onClose.accept(this);
      release.run();
    }
  }

  @Override
  public String toString() {
    return "StatefulSession[" + predictor + "]";
  }
}
