package io.vivace.core.serve;

import io.vivace.core.InferenceException;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a source and a subscriber. All signals to the subscriber come from {@link #drain},
 * which one thread at a time runs; the others leave it a note to look again.
 */
final class PushedResults<I, O> implements Flow.Subscriber<I>, Flow.Subscription {
  private final Flow.Subscriber<? super StreamResult<I, O>> subscriber;
  private final ItemUnderWay.Asking<I, O> asking;
  private final int window;
  private final boolean ordered;

  /** In the order in which they are handed on: of the items, or of their completion. */
  private final Queue<ItemUnderWay<I, O>> queue = new ConcurrentLinkedQueue<>();

  private final Set<ItemUnderWay<I, O>> underWay = ConcurrentHashMap.newKeySet();
  private final AtomicLong demand = new AtomicLong();
  private final AtomicInteger notes = new AtomicInteger();
  private volatile Flow.@Nullable Subscription source;
  private volatile boolean sourceEnded;
  private volatile @Nullable Throwable error;
  private volatile boolean failed;
  private volatile boolean stopped;
  private long taken;

  PushedResults(
      Flow.Subscriber<? super StreamResult<I, O>> subscriber,
      ItemUnderWay.Asking<I, O> asking,
      int window,
      boolean ordered) {
    this.subscriber = subscriber;
    this.asking = asking;
    this.window = window;
    this.ordered = ordered;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    Objects.requireNonNull(subscription, "subscription");
    if (source != null) {
      subscription.cancel();
      return;
    }
    source = subscription;
    subscriber.onSubscribe(this);
    subscription.request(window);
  }

  @Override
  public void onNext(I item) {
    Objects.requireNonNull(item, "item");
    if (stopped || failed || sourceEnded) {
      return;
    }
    ItemUnderWay<I, O> asked = asking.ask(taken++, item);
    underWay.add(asked);
    if (ordered) {
      queue.add(asked);
    }
    var unused =
        asked
            .answer()
            .whenComplete(
                (answer, failure) -> {
                  if (!ordered) {
                    queue.add(asked);
                  }
                  drain();
                });
    if (stopped || failed) {
      asked.answer().cancel(false);
    }
  }

  @Override
  public void onError(Throwable failure) {
    error = Objects.requireNonNull(failure, "failure");
    sourceEnded = true;
    drain();
  }

  @Override
  public void onComplete() {
    sourceEnded = true;
    drain();
  }

  @Override
  public void request(long count) {
    if (count < 1) {
      fail(
          new IllegalArgumentException(
              "non-positive subscription request (rule 3.9 of Reactive Streams): a subscriber must"
                  + " request at least 1, but was "
                  + count));
    } else {
      demand.getAndUpdate(now -> now + count < 0 ? Long.MAX_VALUE : now + count);
    }
    drain();
  }

  /** Ends the stream with an error, whatever is under way. */
  private void fail(Throwable failure) {
    error = failure;
    failed = true;
    cancelSource();
    cancelItems();
  }

  @Override
  public void cancel() {
    stopped = true;
    cancelSource();
    cancelItems();
  }

  private void cancelSource() {
    Flow.Subscription subscription = source;
    if (subscription != null) {
      subscription.cancel();
    }
  }

  private void cancelItems() {
    underWay.forEach(item -> item.answer().cancel(false));
  }

  private void drain() {
    if (notes.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    while (seen != 0) {
      handOn();
      finish();
      seen = notes.addAndGet(-seen);
    }
  }

  private void handOn() {
    while (!stopped && !failed && demand.get() > 0) {
      ItemUnderWay<I, O> next = queue.peek();
      if (next == null || !next.isDone()) {
        return;
      }
      StreamResult<I, O> result = next.result();
      InferenceException end = ItemUnderWay.end(result);
      if (end != null) {
        fail(end);
        return;
      }
      queue.remove();
      underWay.remove(next);
      if (demand.get() != Long.MAX_VALUE) {
        demand.decrementAndGet();
      }
      subscriber.onNext(result);
      Objects.requireNonNull(source).request(1);
    }
  }

  private void finish() {
    boolean exhausted = sourceEnded && underWay.isEmpty();
    if (stopped || !(failed || exhausted)) {
      return;
    }
    stopped = true;
    Throwable failure = error;
    if (failure != null) {
      subscriber.onError(failure);
    } else {
      subscriber.onComplete();
    }
  }
}
