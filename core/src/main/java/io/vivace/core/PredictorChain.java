package io.vivace.core;

import io.vivace.core.model.Signature;
import io.vivace.core.observe.ModelVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Answers with what the second predictor makes of the answer of the first. */
final class PredictorChain<I, M, O> implements Predictor<I, O> {
  private final Predictor<I, M> first;
  private final Predictor<M, O> second;

  PredictorChain(Predictor<I, M> first, Predictor<M, O> second) {
    this.first = first;
    this.second = second;
  }

  @Override
  public O predict(I item) {
    return second.predict(first.predict(item));
  }

  @Override
  public List<Outcome<O>> predictEach(List<? extends I> items) {
    List<Outcome<M>> between = first.predictEach(items);
    List<M> good = between.stream().filter(Outcome::isAnswered).map(Outcome::get).toList();
    List<Outcome<O>> answers = second.predictEach(good);
    List<Outcome<O>> outcomes = new ArrayList<>(between.size());
    int next = 0;
    for (Outcome<M> each : between) {
      outcomes.add(each.isAnswered() ? answers.get(next++) : Outcome.failed(each.error()));
    }
    return outcomes;
  }

  @Override
  public CompletableFuture<O> predictAsync(I item) {
    return first.predictAsync(item).thenCompose(second::predictAsync);
  }

  @Override
  public Signature signature() {
    return first.signature();
  }

  @Override
  public List<ModelVersion> models() {
    return Stream.concat(first.models().stream(), second.models().stream()).toList();
  }

  @Override
  public void close() {
    try {
      first.close();
    } finally {
      second.close();
    }
  }
}
