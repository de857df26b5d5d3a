package io.vivace.core.serve;

import io.vivace.core.CallOptions;
import io.vivace.core.EngineException;
import io.vivace.core.InferenceException;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * Asks several predictors and combines their answers. Thread-safe.
 *
 * <pre>{@code
 * Predictor<float[], Classification> ensemble =
 *     EnsemblePredictor.of(List.of(mlp, cnn, forest), Combiner.softVote(2, 2, 1));
 * }</pre>
 *
 * <p>A call asks each predictor once, so it sees one version of each of their models, also a call
 * of many items. {@link #predict} asks one after the other on the calling thread; {@link
 * #predictAsync} asks all at the same time. An item fails with the error of the first predictor, in
 * their order, that fails on it.
 *
 * @param <I> the type of the items
 * @param <A> the type of the predictors' answers
 * @param <O> the type of the combined answers
 */
public final class EnsemblePredictor<I, A, O> extends Composite<I, O> {
  private final List<Predictor<I, A>> predictors;
  private final Combiner<A, O> combiner;

  private EnsemblePredictor(List<Predictor<I, A>> predictors, Combiner<A, O> combiner) {
    super(predictors);
    this.predictors = predictors;
    this.combiner = combiner;
  }

  /**
   * Makes one predictor of several.
   *
   * @param predictors at least one; owned from now on
   * @param combiner makes one answer of theirs
   * @param <I> the type of the items
   * @param <A> the type of the predictors' answers
   * @param <O> the type of the combined answers
   * @return the ensemble
   * @throws IllegalArgumentException if there is no predictor, or the combiner has weights for
   *     another number of them
   */
  public static <I, A, O> EnsemblePredictor<I, A, O> of(
      List<? extends Predictor<I, A>> predictors, Combiner<A, O> combiner) {
    if (predictors.isEmpty()) {
      throw new IllegalArgumentException("an ensemble needs at least one predictor");
    }
    combiner.check(predictors.size());
    return new EnsemblePredictor<>(List.copyOf(predictors), combiner);
  }

  @Override
  public O predict(I item, CallOptions options) {
    TimeLeft time = new TimeLeft(options);
    List<A> answers = new ArrayList<>(predictors.size());
    for (Predictor<I, A> predictor : predictors) {
      answers.add(predictor.predict(item, time.options()));
    }
    return time.check(combine(answers));
  }

  private O combine(List<A> answers) {
    O combined;
    try {
      combined = combiner.combine(answers);
    } catch (InferenceException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new EngineException("the answers could not be combined by " + combiner + ": " + e, e);
    }
    if (combined == null) {
      throw new EngineException("the answers were combined to null by " + combiner);
    }
    return combined;
  }

  @Override
  public List<Outcome<O>> predictEach(List<? extends I> items, CallOptions options) {
    TimeLeft time = new TimeLeft(options);
    List<List<Outcome<A>>> answers = new ArrayList<>(predictors.size());
    for (Predictor<I, A> predictor : predictors) {
      try {
        answers.add(predictor.predictEach(items, time.options()));
      } catch (io.vivace.core.DeadlineExceededException e) {
        answers.add(items.stream().map(item -> Outcome.<A>failed(e)).toList());
      }
    }
    List<Outcome<O>> outcomes = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      outcomes.add(combine(answers, i, time));
    }
    return outcomes;
  }

  private Outcome<O> combine(List<List<Outcome<A>>> answers, int item, TimeLeft time) {
    try {
      List<A> own = new ArrayList<>(answers.size());
      for (List<Outcome<A>> member : answers) {
        own.add(member.get(item).get());
      }
      return Outcome.of(time.check(combine(own)));
    } catch (InferenceException e) {
      return Outcome.failed(e);
    }
  }

  @Override
  public CompletableFuture<O> predictAsync(I item, CallOptions options) {
    List<CompletableFuture<A>> asked = new ArrayList<>(predictors.size());
    for (Predictor<I, A> predictor : predictors) {
      asked.add(predictor.predictAsync(item, options));
    }
    DerivedFuture<O> result = new DerivedFuture<>();
    result.after(
        CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new)),
        (nothing, error) -> complete(result, asked, error));
    var unused =
        result.whenComplete((answer, error) -> asked.forEach(future -> future.cancel(false)));
    return result;
  }

  private void complete(
      DerivedFuture<O> result,
      List<CompletableFuture<A>> asked,
      @org.jspecify.annotations.Nullable Throwable error) {
    if (error == null) {
      result.complete(combine(asked.stream().map(CompletableFuture::join).toList()));
      return;
    }
    for (CompletableFuture<A> future : asked) {
      if (future.isCompletedExceptionally()) {
        var unused =
            future.whenComplete(
                (answer, reason) ->
                    result.completeExceptionally(
                        DerivedFuture.reason(Objects.requireNonNull(reason))));
        return;
      }
    }
  }

  @Override
  public String toString() {
    return "EnsemblePredictor[" + predictors + ", " + combiner + "]";
  }
}
