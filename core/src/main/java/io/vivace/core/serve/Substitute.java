package io.vivace.core.serve;

import io.vivace.core.EngineException;
import io.vivace.core.InferenceException;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/** What answers in the place of a predictor. */
interface Substitute<I, O> {
  O answer(I item, InferenceException error, TimeLeft time);

  List<Outcome<O>> answers(List<I> items, List<InferenceException> errors, TimeLeft time);

  CompletableFuture<O> answerLater(I item, InferenceException error, TimeLeft time);

  /** Another predictor, which has the time that the first one left. */
  record ByPredictor<I, O>(Predictor<I, O> predictor) implements Substitute<I, O> {
    @Override
    public O answer(I item, InferenceException error, TimeLeft time) {
      return predictor.predict(item, time.options());
    }

    @Override
    public List<Outcome<O>> answers(List<I> items, List<InferenceException> errors, TimeLeft time) {
      try {
        return predictor.predictEach(items, time.options());
      } catch (InferenceException e) {
        return items.stream().map(item -> Outcome.<O>failed(e)).toList();
      }
    }

    @Override
    public CompletableFuture<O> answerLater(I item, InferenceException error, TimeLeft time) {
      return predictor.predictAsync(item, time.options());
    }

    @Override
    public String toString() {
      return predictor.toString();
    }
  }

  /** A function, which answers at once, even if the time is up. */
  record ByFunction<I, O>(BiFunction<? super I, ? super InferenceException, ? extends O> function)
      implements Substitute<I, O> {
    @Override
    public O answer(I item, InferenceException error, TimeLeft time) {
      O answer;
      try {
        answer = function.apply(item, error);
      } catch (InferenceException e) {
        throw e;
      } catch (RuntimeException e) {
        throw new EngineException("the fallback failed: " + e, e);
      }
      if (answer == null) {
        throw new EngineException("the fallback answered null");
      }
      return answer;
    }

    @Override
    public List<Outcome<O>> answers(List<I> items, List<InferenceException> errors, TimeLeft time) {
      List<Outcome<O>> outcomes = new ArrayList<>(items.size());
      for (int i = 0; i < items.size(); i++) {
        try {
          outcomes.add(Outcome.of(answer(items.get(i), errors.get(i), time)));
        } catch (InferenceException e) {
          outcomes.add(Outcome.failed(e));
        }
      }
      return outcomes;
    }

    @Override
    public CompletableFuture<O> answerLater(I item, InferenceException error, TimeLeft time) {
      return CompletableFuture.completedFuture(answer(item, error, time));
    }

    @Override
    public String toString() {
      return "function";
    }
  }
}
