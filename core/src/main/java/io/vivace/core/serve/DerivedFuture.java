package io.vivace.core.serve;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A future whose answer is made of those of others; cancelling it cancels what it waits for. */
final class DerivedFuture<T> extends CompletableFuture<T> {
  private volatile @Nullable Future<?> source;

  /**
   * Goes on with what comes of a future. What the step throws becomes this future's error.
   *
   * @param step takes the answer or the error, one of them null
   */
  <S> void after(CompletableFuture<S> next, BiConsumer<@Nullable S, @Nullable Throwable> step) {
    cancelling(next);
    var unused =
        next.whenComplete(
            (answer, error) -> {
              if (isDone()) {
                return;
              }
              try {
                step.accept(answer, error == null ? null : reason(error));
              } catch (Throwable e) { // belongs to the call
                completeExceptionally(e);
              }
            });
  }

  /** Lets a cancellation reach another future. */
  void cancelling(Future<?> other) {
    source = other;
    if (isCancelled()) {
      other.cancel(false);
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    Future<?> waiting = source;
    if (cancelled && waiting != null) {
      waiting.cancel(mayInterruptIfRunning);
    }
    return cancelled;
  }

  /** What a predictor threw, without what futures wrap it in. */
  static Throwable reason(Throwable error) {
    Throwable found = error;
    while (found instanceof CompletionException && found.getCause() != null) {
      found = found.getCause();
    }
    return found;
  }

  static boolean isCancellation(Throwable error) {
    return reason(error) instanceof CancellationException;
  }
}
