package io.vivace.evaluate;

import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.model.Signature;
import io.vivace.core.observe.ModelVersion;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A predictor that belongs to somebody else: closing does nothing.
 *
 * @param owner the predictor
 */
record Borrowed<I, O>(Predictor<I, O> owner) implements Predictor<I, O> {
  @Override
  public O predict(I item) {
    return owner.predict(item);
  }

  @Override
  public List<Outcome<O>> predictEach(List<? extends I> items) {
    return owner.predictEach(items);
  }

  @Override
  public CompletableFuture<O> predictAsync(I item) {
    return owner.predictAsync(item);
  }

  @Override
  public Signature signature() {
    return owner.signature();
  }

  @Override
  public List<ModelVersion> models() {
    return owner.models();
  }

  @Override
  public void close() {}
}
