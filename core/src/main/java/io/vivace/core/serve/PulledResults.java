package io.vivace.core.serve;

import io.vivace.core.InferenceException;
import io.vivace.core.InferenceInterruptedException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Results for one thread that pulls them. Takes from the source only while it would have to wait
 * for a result otherwise.
 */
final class PulledResults<I, O> implements Iterator<StreamResult<I, O>> {
  private final Iterator<? extends I> source;
  private final ItemUnderWay.Asking<I, O> asking;
  private final int window;
  private final boolean ordered;
  private long taken;

  /** In the order of the items. */
  private final Deque<ItemUnderWay<I, O>> underWay = new ArrayDeque<>();

  /** Those of them that are done, in that order; used unless the results are ordered. */
  private final BlockingQueue<ItemUnderWay<I, O>> done = new LinkedBlockingQueue<>();

  private final Set<ItemUnderWay<I, O>> unordered = new HashSet<>();

  PulledResults(
      Iterator<? extends I> source, ItemUnderWay.Asking<I, O> asking, int window, boolean ordered) {
    this.source = source;
    this.asking = asking;
    this.window = window;
    this.ordered = ordered;
  }

  private int pending() {
    return ordered ? underWay.size() : unordered.size();
  }

  private boolean isResultReady() {
    return ordered ? !underWay.isEmpty() && underWay.peek().isDone() : !done.isEmpty();
  }

  @Override
  public boolean hasNext() {
    return pending() > 0 || source.hasNext();
  }

  @Override
  public StreamResult<I, O> next() {
    while (!isResultReady() && pending() < window && source.hasNext()) {
      take();
    }
    if (pending() == 0) {
      throw new NoSuchElementException("the stream has ended");
    }
    StreamResult<I, O> result = awaitNext().result();
    InferenceException end = ItemUnderWay.end(result);
    if (end != null) {
      cancel();
      throw end;
    }
    return result;
  }

  private void take() {
    ItemUnderWay<I, O> item = asking.ask(taken++, source.next());
    if (ordered) {
      underWay.add(item);
    } else {
      unordered.add(item);
      var unused = item.answer().whenComplete((answer, error) -> done.add(item));
    }
  }

  private ItemUnderWay<I, O> awaitNext() {
    try {
      if (!ordered) {
        ItemUnderWay<I, O> item = done.take();
        unordered.remove(item);
        return item;
      }
      ItemUnderWay<I, O> item = underWay.element();
      try {
        item.answer().get();
      } catch (java.util.concurrent.ExecutionException
          | java.util.concurrent.CancellationException e) {
        // the result holds it
      }
      underWay.remove();
      return item;
    } catch (InterruptedException e) {
      cancel();
      Thread.currentThread().interrupt();
      throw new InferenceInterruptedException("interrupted while waiting for a result", e);
    }
  }

  /** Cancels what is under way. */
  void cancel() {
    underWay.forEach(item -> item.answer().cancel(false));
    Set.copyOf(unordered).forEach(item -> item.answer().cancel(false));
  }
}
