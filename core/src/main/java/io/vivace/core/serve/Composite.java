package io.vivace.core.serve;

import io.vivace.core.CallOptions;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.model.Signature;
import io.vivace.core.observe.ModelVersion;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A predictor made of others, which it owns. The first of them states the signature. */
abstract class Composite<I, O> implements Predictor<I, O> {
  private final List<? extends Predictor<?, ?>> members;

  Composite(List<? extends Predictor<?, ?>> members) {
    this.members = List.copyOf(members);
  }

  @Override
  public final O predict(I item) {
    return predict(item, CallOptions.defaults());
  }

  @Override
  public final List<Outcome<O>> predictEach(List<? extends I> items) {
    return predictEach(items, CallOptions.defaults());
  }

  @Override
  public final CompletableFuture<O> predictAsync(I item) {
    return predictAsync(item, CallOptions.defaults());
  }

  @Override
  public abstract O predict(I item, CallOptions options);

  @Override
  public abstract List<Outcome<O>> predictEach(List<? extends I> items, CallOptions options);

  @Override
  public abstract CompletableFuture<O> predictAsync(I item, CallOptions options);

  /** Grows whenever the same item may have got another answer. */
  long generation() {
    return members.stream().mapToLong(Composite::generation).sum();
  }

  static long generation(Predictor<?, ?> predictor) {
    if (predictor instanceof Composite<?, ?> composite) {
      return composite.generation();
    }
    return predictor instanceof SwappablePredictor<?, ?> swappable
        ? swappable.version().number()
        : 0;
  }

  /**
   * Returns the inputs and outputs of the first predictor.
   *
   * @return the signature
   */
  @Override
  public Signature signature() {
    return members.get(0).signature();
  }

  @Override
  public List<ModelVersion> models() {
    return members.stream().flatMap(member -> member.models().stream()).toList();
  }

  /** Closes the predictors that this one is made of. May be called twice. */
  @Override
  public void close() {
    RuntimeException failure = null;
    for (Predictor<?, ?> member : members) {
      try {
        member.close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
