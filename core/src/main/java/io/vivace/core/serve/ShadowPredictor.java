package io.vivace.core.serve;

import io.vivace.core.CallOptions;
import io.vivace.core.EngineException;
import io.vivace.core.InferenceException;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.internal.log.LimitedWarning;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.LoggerFactory;

/**
 * Shows a candidate the real traffic: what one predictor has answered, a second one answers again,
 * and a function of yours compares the two. Thread-safe.
 *
 * <pre>{@code
 * Predictor<Order, Score> predictor = ShadowPredictor.of(stable, candidate)
 *     .comparison((order, served, shadowed) -> agreement.record(served, shadowed))
 *     .share(0.1)                                   // a tenth of the items
 *     .build();
 * }</pre>
 *
 * <p>The caller never waits for the shadow: the item is put aside after its answer is there, and
 * threads of the shadow's own do the rest, at lowest priority and without a deadline. If too many
 * items are pending further ones are dropped and counted, see {@link #counts}. The shadow reads an
 * item while its caller may already go on: items must be immutable, or copied by {@link
 * ShadowBuilder#copy}.
 *
 * @param <I> the type of the items
 * @param <O> the type of the answers
 */
public final class ShadowPredictor<I, O> extends Composite<I, O> {
  private final Predictor<I, O> primary;
  private final Predictor<I, O> shadow;
  private final ShadowBuilder.Plan<I, O> plan;
  private final ThreadPoolExecutor threads;
  private final LongAdder compared = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder comparisonsFailed = new LongAdder();
  private final LimitedWarning warning =
      new LimitedWarning(LoggerFactory.getLogger(ShadowPredictor.class));

  ShadowPredictor(Predictor<I, O> primary, Predictor<I, O> shadow, ShadowBuilder.Plan<I, O> plan) {
    super(List.of(primary, shadow));
    this.primary = primary;
    this.shadow = shadow;
    this.plan = plan;
    this.threads =
        new ThreadPoolExecutor(
            plan.threads(),
            plan.threads(),
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(plan.maxPending()),
            task -> {
              Thread thread = new Thread(task, "vivace-shadow");
              thread.setDaemon(true);
              return thread;
            },
            (task, pool) -> dropped.increment());
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Starts with the two predictors.
   *
   * @param primary answers the callers
   * @param shadow answers again
   * @param <I> the type of the items
   * @param <O> the type of the answers
   * @return a builder, to be told of the comparison
   */
  public static <I, O> ShadowBuilder<I, O> of(Predictor<I, O> primary, Predictor<I, O> shadow) {
    return new ShadowBuilder<>(primary, shadow);
  }

  /**
   * Tells what the shadow has done.
   *
   * @return the counts since the predictor was made
   */
  public ShadowCounts counts() {
    return new ShadowCounts(compared.sum(), dropped.sum(), comparisonsFailed.sum());
  }

  @Override
  public O predict(I item, CallOptions options) {
    O answer;
    try {
      answer = primary.predict(item, options);
    } catch (InferenceException e) {
      shadow(item, Outcome.failed(e), options);
      throw e;
    }
    shadow(item, Outcome.of(answer), options);
    return answer;
  }

  @Override
  public List<Outcome<O>> predictEach(List<? extends I> items, CallOptions options) {
    List<Outcome<O>> outcomes = primary.predictEach(items, options);
    for (int i = 0; i < outcomes.size(); i++) {
      shadow(items.get(i), outcomes.get(i), options);
    }
    return outcomes;
  }

  @Override
  public CompletableFuture<O> predictAsync(I item, CallOptions options) {
    CompletableFuture<O> answer = primary.predictAsync(item, options);
    var unused =
        answer.whenComplete(
            (value, error) -> {
              if (error == null) {
                shadow(item, Outcome.of(value), options);
              } else if (DerivedFuture.reason(error) instanceof InferenceException known) {
                shadow(item, Outcome.failed(known), options);
              }
            });
    return answer;
  }

  /** Puts an item aside, if it is drawn. Never throws, never waits. */
  private void shadow(I item, Outcome<O> served, CallOptions options) {
    if (plan.share() < 1 && ThreadLocalRandom.current().nextDouble() >= plan.share()) {
      return;
    }
    try {
      I own = plan.copy().apply(item);
      CallOptions behind = CallOptions.defaults().priority(CallOptions.MIN_PRIORITY);
      CallOptions keyed = options.key().map(behind::key).orElse(behind);
      threads.execute(() -> compare(own, served, keyed));
    } catch (RuntimeException e) {
      dropped.increment();
      warning.warn(() -> "an item could not be copied for the shadow " + shadow, e);
    }
  }

  private void compare(I item, Outcome<O> served, CallOptions options) {
    Outcome<O> shadowed = ask(item, options);
    try {
      plan.comparison().compare(item, served, shadowed);
    } catch (RuntimeException e) {
      comparisonsFailed.increment();
      warning.warn(() -> "the comparison with the shadow " + shadow + " failed", e);
    }
    compared.increment();
  }

  private Outcome<O> ask(I item, CallOptions options) {
    try {
      return Outcome.of(shadow.predict(item, options));
    } catch (InferenceException e) {
      return Outcome.failed(e);
    } catch (Throwable e) { // the shadow's thread lives on
      return Outcome.failed(new EngineException("the shadow " + shadow + " failed: " + e, e));
    }
  }

  /** Drops what is pending, and closes both predictors. May be called twice. */
  @Override
  public void close() {
    threads.shutdown();
    while (threads.getQueue().poll() != null) {
      dropped.increment();
    }
    super.close();
  }

  @Override
  public String toString() {
    return "ShadowPredictor[" + primary + ", shadow=" + shadow + ", " + plan + "]";
  }
}
