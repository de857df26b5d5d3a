package io.vivace.core.serve;

import io.vivace.core.Predictor;
import io.vivace.core.PredictorClosedException;
import io.vivace.core.model.Signature;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs a recurrent model for many streams at a time: each has a session, which remembers the
 * model's state from call to call. Thread-safe.
 *
 * <pre>{@code
 * StatefulCodec<float[], Float> codec = StatefulCodec.of(VectorInput.floats(512), speech)
 *     .state("h", "h_next", 2, 64)
 *     .state("c", "c_next", 2, 64);
 * try (StatefulPredictor<float[], Float> model = StatefulPredictor.of(
 *     Predictor.builder().model(source).input(codec.input()).output(codec.output()).build(),
 *     codec)) {
 *   try (StatefulSession<float[], Float> session = model.newSession()) {
 *     for (float[] chunk : microphone) {
 *       float probability = session.next(chunk);
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>With a {@link SwappablePredictor}, a session stays with the version of the model that it began
 * with, since another one could make nothing of its state.
 *
 * @param <I> the type of the items
 * @param <O> the type of the answers
 */
public final class StatefulPredictor<I, O> implements AutoCloseable {
  private final Predictor<StatefulItem<I>, StatefulAnswer<O>> predictor;
  private final StatefulCodec<I, O> codec;
  private final Set<StatefulSession<I, O>> sessions = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private StatefulPredictor(
      Predictor<StatefulItem<I>, StatefulAnswer<O>> predictor, StatefulCodec<I, O> codec) {
    this.predictor = Objects.requireNonNull(predictor, "predictor must not be null");
    this.codec = Objects.requireNonNull(codec, "codec must not be null");
  }

  /**
   * Makes sessions of a predictor.
   *
   * @param predictor answers the sessions; owned from now on
   * @param codec the codec that it was built with
   * @param <I> the type of the items
   * @param <O> the type of the answers
   * @return the predictor of sessions
   */
  public static <I, O> StatefulPredictor<I, O> of(
      Predictor<StatefulItem<I>, StatefulAnswer<O>> predictor, StatefulCodec<I, O> codec) {
    return new StatefulPredictor<>(predictor, codec);
  }

  /**
   * Begins a session, with a state of zeros.
   *
   * @return a session, to be closed by the caller
   * @throws PredictorClosedException if this predictor is closed
   */
  public StatefulSession<I, O> newSession() {
    StatefulSession<I, O> session;
    if (predictor instanceof SwappablePredictor<StatefulItem<I>, StatefulAnswer<O>> swappable) {
      Predictor<StatefulItem<I>, StatefulAnswer<O>> pinned = swappable.pin();
      session = new StatefulSession<>(pinned, codec.states(), this::end, pinned::close);
    } else {
      session = new StatefulSession<>(predictor, codec.states(), this::end, () -> {});
    }
    sessions.add(session);
    if (closed) {
      session.close();
      throw new PredictorClosedException(this + " is closed");
    }
    return session;
  }

  private void end(StatefulSession<I, O> session) {
    sessions.remove(session);
  }

  /**
   * Tells how many sessions are open.
   *
   * @return at least 0
   */
  public int openSessions() {
    return sessions.size();
  }

  /**
   * Returns the inputs and outputs of the model, states included.
   *
   * @return the signature
   */
  public Signature signature() {
    return predictor.signature();
  }

  /** Closes all sessions and the predictor. May be called twice. */
  @Override
  public void close() {
    closed = true;
    List.copyOf(sessions).forEach(StatefulSession::close);
    predictor.close();
  }

  @Override
  public String toString() {
    return "StatefulPredictor[" + predictor + "]";
  }
}
