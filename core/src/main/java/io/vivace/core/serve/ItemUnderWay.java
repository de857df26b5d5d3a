package io.vivace.core.serve;

import io.vivace.core.CallOptions;
import io.vivace.core.EngineException;
import io.vivace.core.InferenceException;
import io.vivace.core.InferenceException.Code;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** An item of a stream, and its answer to come. */
record ItemUnderWay<I, O>(long position, I item, CompletableFuture<O> answer) {
  /** Asks for an item; what goes wrong is in the future. */
  interface Asking<I, O> {
    ItemUnderWay<I, O> ask(long position, I item);
  }

  static <I, O> ItemUnderWay<I, O> ask(
      Predictor<I, O> predictor, long position, I item, CallOptions options) {
    CompletableFuture<O> answer;
    try {
      answer = predictor.predictAsync(item, options);
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    return new ItemUnderWay<>(position, item, answer);
  }

  /** Each is the only one at its position. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(position);
  }

  boolean isDone() {
    return answer.isDone();
  }

  /** The result of an item that is done. */
  StreamResult<I, O> result() {
    return new StreamResult<>(position, item, outcome());
  }

  private Outcome<O> outcome() {
    try {
      return Outcome.of(answer.join());
    } catch (CompletionException | java.util.concurrent.CancellationException e) {
      return Outcome.failed(error(DerivedFuture.reason(e)));
    }
  }

  private static InferenceException error(Throwable reason) {
    return reason instanceof InferenceException known
        ? known
        : new EngineException("no answer: " + reason, reason);
  }

  /** The error that ends the stream, if there is one: the predictor is closed. */
  static @Nullable InferenceException end(StreamResult<?, ?> result) {
    Outcome<?> outcome = Objects.requireNonNull(result).outcome();
    return !outcome.isAnswered() && outcome.error().code() == Code.CLOSED ? outcome.error() : null;
  }
}
