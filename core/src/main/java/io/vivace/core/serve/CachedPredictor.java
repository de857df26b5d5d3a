package io.vivace.core.serve;

import io.vivace.core.CallOptions;
import io.vivace.core.EngineException;
import io.vivace.core.InferenceException;
import io.vivace.core.InferenceException.Code;
import io.vivace.core.InvalidInputException;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.PredictorClosedException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Remembers answers, and asks only once for items that are the same. Thread-safe. Needs {@code
 * com.github.ben-manes.caffeine:caffeine} on the class path.
 *
 * <pre>{@code
 * Predictor<String, float[]> embedder = CachedPredictor.of(model)
 *     .maxEntries(100_000)
 *     .expireAfter(Duration.ofHours(1))
 *     .build();
 * }</pre>
 *
 * <p>Calls for the same item at the same time wait for one answer. If the call that asks for it
 * runs out of time, or is cancelled or interrupted, the others ask again; any other error is theirs
 * too. Errors are never remembered. When a {@link SwappablePredictor} beneath takes a new model, or
 * a {@link TrafficSplit} new weights, everything that was remembered is forgotten at once.
 *
 * @param <I> the type of the items
 * @param <O> the type of the answers
 */
public final class CachedPredictor<I, O> extends Composite<I, O> {
  private final Predictor<I, O> predictor;
  private final ResultStore<O> store;
  private final Function<? super I, ?> itemKey;
  private final UnaryOperator<O> copy;
  private final AtomicLong newest = new AtomicLong();
  private final LongAdder hits = new LongAdder();
  private final LongAdder joined = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private volatile boolean closed;

  CachedPredictor(
      Predictor<I, O> predictor,
      ResultStore<O> store,
      Function<? super I, ?> itemKey,
      UnaryOperator<O> copy) {
    super(List.of(predictor));
    this.predictor = predictor;
    this.store = store;
    this.itemKey = itemKey;
    this.copy = copy;
  }

  /**
   * Starts with the predictor whose answers are remembered.
   *
   * @param predictor the predictor
   * @param <I> the type of the items
   * @param <O> the type of the answers
   * @return a builder with default options
   */
  public static <I, O> CacheBuilder<I, O> of(Predictor<I, O> predictor) {
    return new CacheBuilder<>(predictor);
  }

  /**
   * Tells what the cache has done.
   *
   * @return the counts since the predictor was made
   */
  public CacheCounts counts() {
    return new CacheCounts(hits.sum(), joined.sum(), misses.sum(), store.size());
  }

  /** Forgets all answers. */
  public void clear() {
    store.clear();
  }

  @Override
  public O predict(I item, CallOptions options) {
    Object content = content(item);
    TimeLeft time = new TimeLeft(options);
    while (true) {
      Entry<O> entry = enter(content);
      if (entry.isOurs()) {
        return lead(entry, item, time);
      }
      O answer = follow(entry, time);
      if (answer != null) {
        return answer;
      }
    }
  }

  /** A place in the store: an answer that this call must get, or waits for. */
  record Entry<O>(ResultStore.Key key, CompletableFuture<O> answer, boolean isOurs) {}

  Entry<O> enter(Object content) {
    if (closed) {
      throw new PredictorClosedException(this + " is closed");
    }
    long generation = generation(predictor);
    if (newest.getAndAccumulate(generation, Math::max) < generation) {
      store.clear(); // nobody asks for the older ones any more
    }
    ResultStore.Key key = new ResultStore.Key(generation, content);
    CompletableFuture<O> found = store.get(key);
    if (found == null) {
      CompletableFuture<O> ours = new CompletableFuture<>();
      found = store.putIfAbsent(key, ours);
      if (found == null) {
        misses.increment();
        return new Entry<>(key, ours, true);
      }
    }
    (found.isDone() ? hits : joined).increment();
    return new Entry<>(key, found, false);
  }

  Object content(I item) {
    try {
      Object content = itemKey.apply(item);
      if (content == null) {
        throw new InvalidInputException("the item's key is null");
      }
      return content;
    } catch (InferenceException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new InvalidInputException("the item has no key: " + e, e);
    }
  }

  private O lead(Entry<O> entry, I item, TimeLeft time) {
    try {
      O answer = predictor.predict(item, time.options());
      entry.answer.complete(answer);
      return copy.apply(answer);
    } catch (Throwable e) {
      fail(entry, e);
      throw e;
    }
  }

  void fail(Entry<O> entry, Throwable error) {
    store.remove(entry.key, entry.answer);
    entry.answer.completeExceptionally(error);
  }

  O own(O answer) {
    return copy.apply(answer);
  }

  /** Waits for another call's answer; null if that call gave up for reasons of its own. */
  @Nullable O follow(Entry<O> entry, TimeLeft time) {
    try {
      return copy.apply(time.await(entry.answer));
    } catch (ExecutionException | java.util.concurrent.CancellationException e) {
      Throwable error = e instanceof ExecutionException ? e.getCause() : e;
      if (isOfTheCall(error)) {
        return null;
      }
      throw shared(error);
    }
  }

  private static boolean isOfTheCall(@Nullable Throwable error) {
    return error instanceof java.util.concurrent.CancellationException
        || (error instanceof InferenceException known
            && (known.code() == Code.INTERRUPTED || known.code() == Code.DEADLINE_EXCEEDED));
  }

  private static RuntimeException shared(@Nullable Throwable error) {
    return error instanceof RuntimeException unchecked
        ? unchecked
        : new EngineException("the call that asked for the same item failed: " + error, error);
  }

  @Override
  public CompletableFuture<O> predictAsync(I item, CallOptions options) {
    TimeLeft time = new TimeLeft(options);
    DerivedFuture<O> result = new DerivedFuture<>();
    try {
      ask(result, content(item), item, time);
    } catch (InferenceException e) {
      result.completeExceptionally(e);
    }
    return result;
  }

  private void ask(DerivedFuture<O> result, Object content, I item, TimeLeft time) {
    Entry<O> entry = enter(content);
    if (entry.isOurs()) {
      leadLater(result, entry, item, time);
      return;
    }
    time.limit(result);
    result.after(
        entry.answer.copy(), // to cancel one who waits is not to cancel the answer
        (answer, error) -> {
          if (error == null) {
            result.complete(copy.apply(answer));
          } else if (isOfTheCall(error)) {
            ask(result, content, item, time);
          } else {
            result.completeExceptionally(shared(error));
          }
        });
  }

  private void leadLater(DerivedFuture<O> result, Entry<O> entry, I item, TimeLeft time) {
    CompletableFuture<O> asked;
    try {
      asked = predictor.predictAsync(item, time.options());
    } catch (Throwable e) {
      fail(entry, e);
      throw e;
    }
    var unused =
        asked.whenComplete(
            (answer, error) -> {
              if (error == null) {
                entry.answer.complete(answer);
              } else {
                fail(entry, DerivedFuture.reason(error));
              }
            });
    result.after(
        asked,
        (answer, error) -> {
          if (error == null) {
            result.complete(copy.apply(answer));
          } else {
            result.completeExceptionally(error);
          }
        });
  }

  @Override
  public List<Outcome<O>> predictEach(List<? extends I> items, CallOptions options) {
    return new CachedCall<>(this, predictor, items, new TimeLeft(options)).run();
  }

  /** Forgets all answers and closes the predictor. May be called twice. */
  @Override
  public void close() {
    closed = true;
    store.clear();
    super.close();
  }

  @Override
  public String toString() {
    return "CachedPredictor[" + predictor + "]";
  }
}
