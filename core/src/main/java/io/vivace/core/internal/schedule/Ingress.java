package io.vivace.core.internal.schedule;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Where requests are laid down without a lock, until somebody takes them into the line. */
class Ingress<P, O> {
  private final AtomicReference<@Nullable Request<P, O>> last = new AtomicReference<>();

  void push(Request<P, O> request) {
    Request<P, O> before;
    do {
      before = newest();
      request.pushed = before;
      request.place = before == null ? 1 : before.place + 1;
    } while (!put(before, request));
  }

  /** How many there are. */
  int size() {
    Request<P, O> newest = newest();
    return newest == null ? 0 : newest.place;
  }

  boolean isEmpty() {
    return newest() == null;
  }

  /** The steps in which it changes, between which tests can stop. */
  @Nullable Request<P, O> newest() {
    return last.get();
  }

  boolean put(@Nullable Request<P, O> before, Request<P, O> request) {
    return last.compareAndSet(before, request);
  }

  @Nullable Request<P, O> takeAll() {
    return last.getAndSet(null);
  }

  /** Moves all that is there into the line, in the order in which it came. */
  void drainTo(Line<P, O> line) {
    if (isEmpty()) {
      return;
    }
    Request<P, O> reversed = null;
    for (Request<P, O> at = takeAll(); at != null; ) {
      Request<P, O> next = at.pushed;
      at.pushed = reversed;
      reversed = at;
      at = next;
    }
    for (Request<P, O> at = reversed; at != null; ) {
      Request<P, O> next = at.pushed;
      at.pushed = null;
      line.add(at);
      at = next;
    }
  }
}
