package io.vivace.core.internal.schedule;

import io.vivace.core.DeadlineExceededException;
import io.vivace.core.InferenceException;
import io.vivace.core.internal.schedule.Picker.Shed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Hands outcomes over: to callers that are parked at once, to futures on the executor that the user
 * chose, those of one batch in one task. Each is looked at once more: late answers are no success.
 */
final class Deliveries {
  /** An answer that comes later than this before its deadline would be seen after it. */
  private static final long HANDING_OVER_NANOS = 20_000;

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
        request.deliver(); // its caller looks at the clock itself
      }
    }
    if (!later.isEmpty()) {
      execute(() -> later.forEach(this::complete));
    }
  }

  /** The last look at the clock: what would be late when its caller sees it is no success. */
  private <P, O> void complete(Request<P, O> request) {
    settle(request, HANDING_OVER_NANOS);
    request.deliver();
  }

  /** What a parked caller gets, which has woken up by now. */
  <P, O> O handOver(Request<P, O> request) {
    if (request.hasRun()) {
      settle(request, 0);
    }
    return request.outcome();
  }

  private <P, O> void settle(Request<P, O> request, long needed) {
    if (request.deadlineNanos != Request.NO_DEADLINE || events.isOn()) {
      long now = clock.getAsLong();
      if (request.failure() == null && now > request.deadlineNanos - needed) {
        request.fail(late(request, now));
      }
      tell(request, now - request.arrivedNanos);
    }
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

  /** Tells those who are turned away at one time, futures in one task. */
  <P, O> void refuse(List<Shed<P, O>> shed, String predictor, long now) {
    List<Shed<P, O>> later = new ArrayList<>(shed.size());
    for (Shed<P, O> each : shed) {
      if (each.request().waiter == null) {
        later.add(each);
      } else {
        refuse(each, predictor, now);
      }
    }
    if (!later.isEmpty()) {
      execute(() -> later.forEach(each -> refuse(each, predictor, now)));
    }
  }

  private static <P, O> void refuse(Shed<P, O> shed, String predictor, long now) {
    shed.request().deliver(Refusal.of(shed.reason(), shed.request(), predictor, now));
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
        "no answer within the deadline of "
            + millis(allowed)
            + " ms: after "
            + millis(now - request.arrivedNanos)
            + (ran ? " ms the request was running" : " ms the request still waited for its turn")
            + ". Allow more time or send less.");
  }

  /** By hand, for under overload formatters would take a good part of the processors. */
  static String millis(long nanos) {
    long micros = nanos / 1_000;
    return micros / 1_000 + "." + Long.toString(1_000 + micros % 1_000).substring(1);
  }
}
