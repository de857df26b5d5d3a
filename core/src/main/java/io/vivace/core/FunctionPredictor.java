package io.vivace.core;

import io.vivace.core.model.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Answers with a function on the caller's thread. */
final class FunctionPredictor<I, O> implements Predictor<I, O> {
  private final Function<? super I, ? extends O> function;
  private volatile boolean closed;

  FunctionPredictor(Function<? super I, ? extends O> function) {
    this.function = Objects.requireNonNull(function, "function");
  }

  @Override
  public O predict(I item) {
    requireOpen();
    if (item == null) {
      throw new InvalidInputException("the item must not be null");
    }
    O answer;
    try {
      answer = function.apply(item);
    } catch (InferenceException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new EngineException("the function failed: " + e, e);
    }
    if (answer == null) {
      throw new EngineException("the function answered null to " + item);
    }
    return answer;
  }

  @Override
  public List<Outcome<O>> predictEach(List<? extends I> items) {
    requireOpen();
    List<Outcome<O>> outcomes = new ArrayList<>(items.size());
    for (I item : items) {
      try {
        outcomes.add(Outcome.of(predict(item)));
      } catch (InferenceException e) {
        outcomes.add(Outcome.failed(e));
      }
    }
    return outcomes;
  }

  @Override
  public CompletableFuture<O> predictAsync(I item) {
    return CompletableFuture.supplyAsync(() -> predict(item));
  }

  @Override
  public Signature signature() {
    return Signature.UNDECLARED;
  }

  @Override
  public void close() {
    closed = true;
  }

  private void requireOpen() {
    if (closed) {
      throw new PredictorClosedException("the predictor is closed");
    }
  }
}
