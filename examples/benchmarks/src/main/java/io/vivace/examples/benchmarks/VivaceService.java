package io.vivace.examples.benchmarks;

import io.vivace.core.CallOptions;
import io.vivace.core.Predictor;

/** Ours. */
record VivaceService<I>(Predictor<I, float[]> predictor, CallOptions options)
    implements Service<I> {
  VivaceService(Predictor<I, float[]> predictor) {
    this(predictor, CallOptions.defaults());
  }

  @Override
  public float[] call(I item) {
    return predictor.predict(item);
  }

  @Override
  public void submit(I item, Completion completion) {
    var unused = predictor.predictAsync(item, options).whenComplete(completion::done);
  }

  @Override
  public void close() {
    predictor.close();
  }
}
