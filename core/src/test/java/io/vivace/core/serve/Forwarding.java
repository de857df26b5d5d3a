package io.vivace.core.serve;

import io.vivace.core.CallOptions;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.model.Signature;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Hands everything on, for tests to change one thing. */
class Forwarding<I, O> implements Predictor<I, O> {
  final Predictor<I, O> predictor;

  Forwarding(Predictor<I, O> predictor) {
    this.predictor = predictor;
  }

  @Override
  public O predict(I item) {
    return predict(item, CallOptions.defaults());
  }

  @Override
  public O predict(I item, CallOptions options) {
    return predictor.predict(item, options);
  }

  @Override
  public List<Outcome<O>> predictEach(List<? extends I> items) {
    return predictEach(items, CallOptions.defaults());
  }

  @Override
  public List<Outcome<O>> predictEach(List<? extends I> items, CallOptions options) {
    return predictor.predictEach(items, options);
  }

  @Override
  public CompletableFuture<O> predictAsync(I item) {
    return predictAsync(item, CallOptions.defaults());
  }

  @Override
  public CompletableFuture<O> predictAsync(I item, CallOptions options) {
    return predictor.predictAsync(item, options);
  }

  @Override
  public Signature signature() {
    return predictor.signature();
  }

  @Override
  public void close() {
    predictor.close();
  }
}
