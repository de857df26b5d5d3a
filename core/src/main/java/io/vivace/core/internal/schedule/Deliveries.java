package io.vivace.core.internal.schedule;

import io.vivace.core.DeadlineExceededException;
import io.vivace.core.InferenceException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Hands outcomes over: to callers that are parked at once, to futures on the executor that the user
 * chose, those of one batch in one task.
 */
final class Deliveries {
  private final Executor executor;
  private final Events events;
  private final LongSupplier clock;

  Deliveries(Executor executor, Events events, LongSupplier clock) {
    this.executor = executor;
    this.events = events;
    this.clock = clock;
  }

  <P, O> void deliver(List<Request<P, O>> finished) {
    List<Request<P, O>> later = new ArrayList<>(finished.size());
    for (Request<P, O> request : finished) {
      if (request.waiter == null) {
        later.add(request);
      } else {
        complete(request);
      }
    }
    if (!later.isEmpty()) {
      execute(() -> later.forEach(this::complete));
    }
  }

  /** The last look at the clock: what is late now is no success. */
  private <P, O> void complete(Request<P, O> request) {
    if (request.deadlineNanos != Request.NO_DEADLINE || events.isOn()) {
      long now = clock.getAsLong();
      if (request.failure() == null && now > request.deadlineNanos) {
        request.fail(late(request, now));
      }
      tell(request, now - request.arrivedNanos);
    }
    request.deliver();
  }

  private <P, O> void tell(Request<P, O> request, long total) {
    Throwable error = request.failure();
    if (error == null) {
      events.completed(request.startedNanos - request.arrivedNanos, total);
    } else {
      events.failed(error, total);
    }
  }

  <P, O> void fail(Request<P, O> request, InferenceException error) {
    if (request.waiter == null) {
      execute(() -> request.deliver(error));
    } else {
      request.deliver(error);
    }
  }

  private void execute(Runnable completion) {
    try {
      executor.execute(completion);
    } catch (RuntimeException e) {
      completion.run(); // the user's executor is gone; the answers are not lost
    }
  }

  static <P, O> DeadlineExceededException late(Request<P, O> request, long now) {
    long allowed = request.deadlineNanos - request.arrivedNanos;
    boolean ran = request.batch != null;
    return new DeadlineExceededException(
        String.format(
            "no answer within the deadline of %.3f ms: after %.3f ms the request %s. Allow more"
                + " time or send less.",
            allowed / 1e6,
            (now - request.arrivedNanos) / 1e6,
            ran ? "was running" : "still waited for its turn"));
  }
}
