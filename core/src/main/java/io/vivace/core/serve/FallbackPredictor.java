package io.vivace.core.serve;

import io.vivace.core.CallOptions;
import io.vivace.core.EngineException;
import io.vivace.core.InferenceException;
import io.vivace.core.Outcome;
import io.vivace.core.OverloadedException;
import io.vivace.core.Predictor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Answers by other means where a predictor fails, is overloaded or too slow. Thread-safe.
 *
 * <pre>{@code
 * Predictor<String, Score> predictor = FallbackPredictor.of(large)
 *     .to(small)                                      // or .value(Score.NEUTRAL)
 *     .primaryWithin(Duration.ofMillis(30))
 *     .circuitBreaker(CircuitBreakerOptions.defaults())
 *     .build();
 * }</pre>
 *
 * <p>What the fallback is for is chosen by {@link FallbackBuilder#on}. Other errors, such as an
 * item that does not fit, are the caller's as they are. Of a call of many items, only those that
 * failed go to the fallback. If the fallback fails too, its error is thrown, with the first one
 * suppressed in it.
 *
 * <p>With a circuit breaker, a predictor that keeps failing is not asked for a while: the fallback
 * answers at once. A call of many items counts as failed if none of them was answered.
 *
 * @param <I> the type of the items
 * @param <O> the type of the answers
 */
public final class FallbackPredictor<I, O> extends Composite<I, O> {
  private final FallbackPlan<I, O> plan;
  private final Predictor<I, O> primary;
  private final Substitute<I, O> substitute;
  private final Breaker breaker;

  FallbackPredictor(FallbackPlan<I, O> plan, List<Predictor<I, O>> members) {
    super(members);
    this.plan = plan;
    this.primary = members.get(0);
    this.substitute = plan.substitute();
    this.breaker = new Breaker(plan.breaker(), plan.name(), plan.listener());
  }

  /**
   * Starts with the predictor that is asked first.
   *
   * @param primary the predictor
   * @param <I> the type of the items
   * @param <O> the type of the answers
   * @return a builder, to be told of the fallback
   */
  public static <I, O> FallbackBuilder<I, O> of(Predictor<I, O> primary) {
    return new FallbackBuilder<>(primary);
  }

  /**
   * Tells what the circuit breaker does.
   *
   * @return its state; always {@link CircuitState#CLOSED} if there is none
   */
  public CircuitState circuitState() {
    return breaker.state();
  }

  @Override
  public O predict(I item, CallOptions options) {
    TimeLeft time = new TimeLeft(options);
    InferenceException error;
    if (!breaker.permits()) {
      error = notAsked();
    } else {
      try {
        O answer = primary.predict(item, forPrimary(options));
        breaker.succeeded();
        return answer;
      } catch (Throwable e) {
        error = failed(e);
      }
    }
    plan.listener().fellBack(plan.name(), error.code());
    try {
      return substitute.answer(item, error, time);
    } catch (InferenceException e) {
      throw suppress(e, error);
    }
  }

  @Override
  public List<Outcome<O>> predictEach(List<? extends I> items, CallOptions options) {
    TimeLeft time = new TimeLeft(options);
    List<Outcome<O>> outcomes;
    if (!breaker.permits()) {
      InferenceException error = notAsked();
      outcomes = items.stream().map(item -> Outcome.<O>failed(error)).toList();
    } else {
      outcomes = askForEach(items, forPrimary(options));
    }
    return replaceFailed(items, outcomes, time);
  }

  private List<Outcome<O>> askForEach(List<? extends I> items, CallOptions options) {
    try {
      List<Outcome<O>> outcomes = primary.predictEach(items, options);
      judge(outcomes);
      return outcomes;
    } catch (Throwable e) {
      InferenceException error = failed(e);
      return items.stream().map(item -> Outcome.<O>failed(error)).toList();
    }
  }

  private void judge(List<Outcome<O>> outcomes) {
    InferenceException failure = null;
    for (Outcome<O> outcome : outcomes) {
      if (outcome.isAnswered()) {
        breaker.succeeded();
        return;
      }
      failure = isCovered(outcome.error()) ? outcome.error() : failure;
    }
    if (failure != null) {
      breaker.failed(failure.code());
    } else {
      breaker.undecided();
    }
  }

  private List<Outcome<O>> replaceFailed(
      List<? extends I> items, List<Outcome<O>> outcomes, TimeLeft time) {
    List<I> left = new ArrayList<>();
    List<InferenceException> errors = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      if (isReplaced(outcomes.get(i))) {
        left.add(items.get(i));
        errors.add(outcomes.get(i).error());
        plan.listener().fellBack(plan.name(), outcomes.get(i).error().code());
      }
    }
    if (left.isEmpty()) {
      return outcomes;
    }
    var replaced = substitute.answers(left, errors, time).iterator();
    List<Outcome<O>> all = new ArrayList<>(outcomes.size());
    for (Outcome<O> outcome : outcomes) {
      all.add(isReplaced(outcome) ? suppress(replaced.next(), outcome.error()) : outcome);
    }
    return all;
  }

  private boolean isReplaced(Outcome<O> outcome) {
    return !outcome.isAnswered() && isCovered(outcome.error());
  }

  @Override
  public CompletableFuture<O> predictAsync(I item, CallOptions options) {
    TimeLeft time = new TimeLeft(options);
    DerivedFuture<O> result = new DerivedFuture<>();
    if (!breaker.permits()) {
      fallBackLater(result, item, notAsked(), time);
      return result;
    }
    CompletableFuture<O> asked = ask(item, options);
    result.after(
        judged(asked),
        (answer, error) -> {
          if (error == null) {
            result.complete(answer);
          } else if (error instanceof InferenceException known && isCovered(known)) {
            fallBackLater(result, item, known, time);
          } else {
            result.completeExceptionally(error);
          }
        });
    return result;
  }

  private CompletableFuture<O> ask(I item, CallOptions options) {
    try {
      return primary.predictAsync(item, forPrimary(options));
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** The same future, with its outcome told to the breaker, also if nobody waits for it. */
  private CompletableFuture<O> judged(CompletableFuture<O> asked) {
    DerivedFuture<O> judged = new DerivedFuture<>();
    judged.cancelling(asked);
    var unused =
        asked.whenComplete(
            (answer, error) -> {
              if (error == null) {
                breaker.succeeded();
                judged.complete(answer);
                return;
              }
              try {
                judged.completeExceptionally(failed(DerivedFuture.reason(error)));
              } catch (Throwable notCovered) {
                judged.completeExceptionally(notCovered);
              }
            });
    return judged;
  }

  private void fallBackLater(
      DerivedFuture<O> result, I item, InferenceException error, TimeLeft time) {
    plan.listener().fellBack(plan.name(), error.code());
    CompletableFuture<O> replaced;
    try {
      replaced = substitute.answerLater(item, error, time);
    } catch (InferenceException e) {
      result.completeExceptionally(suppress(e, error));
      return;
    }
    result.after(
        replaced,
        (answer, failure) -> {
          if (failure == null) {
            result.complete(answer);
          } else {
            suppress(failure, error);
            result.completeExceptionally(failure);
          }
        });
  }

  private CallOptions forPrimary(CallOptions options) {
    Duration limit = plan.primaryWithin();
    if (limit == null) {
      return options;
    }
    Duration asked = options.deadline().orElse(limit);
    return options.deadline(asked.compareTo(limit) < 0 ? asked : limit);
  }

  private InferenceException notAsked() {
    return new OverloadedException(
        String.format(
            "predictor \"%s\" was not asked: it failed too often, lately with %s, and its circuit"
                + " breaker is open",
            plan.name(), breaker.lastFailure()));
  }

  /** Tells the breaker, and returns the error if the fallback is for it; else throws it. */
  private InferenceException failed(Throwable e) {
    InferenceException error =
        e instanceof InferenceException known
            ? known
            : new EngineException("predictor \"" + plan.name() + "\" failed: " + e, e);
    if (e instanceof RuntimeException && !DerivedFuture.isCancellation(e) && isCovered(error)) {
      breaker.failed(error.code());
      return error;
    }
    breaker.undecided();
    if (e instanceof Error fatal) {
      throw fatal;
    }
    throw e instanceof RuntimeException unchecked ? unchecked : error;
  }

  private boolean isCovered(InferenceException error) {
    return plan.codes().contains(error.code());
  }

  private static InferenceException suppress(InferenceException thrown, InferenceException first) {
    suppress((Throwable) thrown, first);
    return thrown;
  }

  private static <O> Outcome<O> suppress(Outcome<O> outcome, InferenceException first) {
    if (!outcome.isAnswered()) {
      suppress((Throwable) outcome.error(), first);
    }
    return outcome;
  }

  private static void suppress(Throwable thrown, InferenceException first) {
    if (thrown != first) {
      thrown.addSuppressed(first);
    }
  }

  @Override
  public String toString() {
    return "FallbackPredictor[" + primary + ", " + plan + "]";
  }
}
