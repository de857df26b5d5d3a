package io.vivace.core.internal.run;

import io.vivace.core.CallOptions;
import io.vivace.core.InferenceException;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Hands each call to another predictor, which is held until the call has its answer. */
abstract class LeasingPredictor<I, O> implements Predictor<I, O> {
  /**
   * A predictor and the lease that keeps it open.
   *
   * @param lease whoever has it may use the predictor
   */
  record Held<I, O>(Predictor<I, O> predictor, Lease lease) {}

  /**
   * Takes a lease, which must be released.
   *
   * @throws InferenceException if there is none to be had
   */
  abstract Held<I, O> acquire();

  @Override
  public final O predict(I item) {
    Held<I, O> held = acquire();
    try {
      return held.predictor.predict(item);
    } finally {
      held.lease.release();
    }
  }

  @Override
  public final O predict(I item, CallOptions options) {
    Held<I, O> held = acquire();
    try {
      return held.predictor.predict(item, options);
    } finally {
      held.lease.release();
    }
  }

  @Override
  public final List<Outcome<O>> predictEach(List<? extends I> items, CallOptions options) {
    Held<I, O> held = acquire();
    try {
      return held.predictor.predictEach(items, options);
    } finally {
      held.lease.release();
    }
  }

  @Override
  public final List<Outcome<O>> predictEach(List<? extends I> items) {
    Held<I, O> held = acquire();
    try {
      return held.predictor.predictEach(items);
    } finally {
      held.lease.release();
    }
  }

  @Override
  public final CompletableFuture<O> predictAsync(I item) {
    return later(predictor -> predictor.predictAsync(item));
  }

  @Override
  public final CompletableFuture<O> predictAsync(I item, CallOptions options) {
    return later(predictor -> predictor.predictAsync(item, options));
  }

  private CompletableFuture<O> later(Function<Predictor<I, O>, CompletableFuture<O>> call) {
    Held<I, O> held;
    try {
      held = acquire();
    } catch (InferenceException e) {
      return CompletableFuture.failedFuture(e);
    }
    CompletableFuture<O> answer;
    try {
      answer = call.apply(held.predictor);
    } catch (Throwable e) {
      held.lease.release();
      throw e;
    }
    var unused = answer.whenComplete((value, error) -> held.lease.release());
    return answer;
  }
}
