package io.vivace.core.serve;

import io.vivace.core.CallOptions;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.PredictorClosedException;
import io.vivace.core.model.Signature;
import io.vivace.core.observe.ModelVersion;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** One user's view of a predictor that others use, too. */
final class SharedHandle<I, O> implements Predictor<I, O> {
  private final Predictor<I, O> predictor;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();

  SharedHandle(Predictor<I, O> predictor, Runnable release) {
    this.predictor = predictor;
    this.release = release;
  }

  private Predictor<I, O> predictor() {
    if (closed.get()) {
      throw closed();
    }
    return predictor;
  }

  private PredictorClosedException closed() {
    return new PredictorClosedException(
        "this user of " + predictor + " has closed it; open the recipe again");
  }

  @Override
  public O predict(I item) {
    return predictor().predict(item);
  }

  @Override
  public O predict(I item, CallOptions options) {
    return predictor().predict(item, options);
  }

  @Override
  public List<Outcome<O>> predictEach(List<? extends I> items) {
    return predictor().predictEach(items);
  }

  @Override
  public List<Outcome<O>> predictEach(List<? extends I> items, CallOptions options) {
    return predictor().predictEach(items, options);
  }

  @Override
  public CompletableFuture<O> predictAsync(I item) {
    return closed.get() ? CompletableFuture.failedFuture(closed()) : predictor.predictAsync(item);
  }

  @Override
  public CompletableFuture<O> predictAsync(I item, CallOptions options) {
    return closed.get()
        ? CompletableFuture.failedFuture(closed())
        : predictor.predictAsync(item, options);
  }

  @Override
  public List<ModelVersion> models() {
    return predictor.models();
  }

  @Override
  public Signature signature() {
    return predictor.signature();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release.run();
    }
  }

  @Override
  public String toString() {
    return predictor.toString();
  }
}
