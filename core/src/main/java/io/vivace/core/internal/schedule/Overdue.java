package io.vivace.core.internal.schedule;

import io.vivace.core.InferenceException;
import io.vivace.core.internal.schedule.Picker.Shed;
import io.vivace.core.internal.schedule.Request.State;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Ends requests whose deadline has passed, whether they wait or run. */
final class Overdue<P, O> {
  private final GuardedLine<P, O> waiting;
  private final Picker<P, O> picker;
  private final Rejections rejections;
  private final Deliveries deliveries;
  private final Events events;
  private final LongSupplier clock;
  private final Consumer<Request<P, O>> abandon;

  /** What runs and has members with deadlines. Guarded by the lock of those that wait. */
  private final Set<Batch<P, O>> running = new HashSet<>();

  /**
   * Makes one.
   *
   * @param abandon is told of requests that run on with nobody waiting for them
   */
  Overdue(
      GuardedLine<P, O> waiting,
      Picker<P, O> picker,
      Rejections rejections,
      Deliveries deliveries,
      Events events,
      LongSupplier clock,
      Consumer<Request<P, O>> abandon) {
    this.waiting = waiting;
    this.picker = picker;
    this.rejections = rejections;
    this.deliveries = deliveries;
    this.events = events;
    this.clock = clock;
    this.abandon = abandon;
  }

  /** A batch begins. To be called with the lock. */
  void begun(Batch<P, O> batch) {
    if (batch.hasDeadline()) {
      running.add(batch);
    }
  }

  /** A batch has ended. To be called without the lock. */
  void ended(Batch<P, O> batch) {
    if (batch.hasDeadline()) {
      waiting.lock();
      try {
        running.remove(batch);
      } finally {
        waiting.unlock();
      }
    }
  }

  /** Ends what is over; returns the earliest deadline left. */
  long expire(long now) {
    List<Shed<P, O>> shed = new ArrayList<>();
    List<Request<P, O>> late = new ArrayList<>();
    long earliest;
    waiting.lock();
    try {
      earliest = Math.min(picker.expire(now, shed), findLate(now, late));
    } finally {
      waiting.unlock();
    }
    rejections.turnAway(shed);
    late.forEach(this::end);
    return earliest;
  }

  private long findLate(long now, List<Request<P, O>> late) {
    long earliest = Request.NO_DEADLINE;
    for (Batch<P, O> batch : running) {
      for (Request<P, O> member : batch.members()) {
        if (member.deadlineNanos > now) {
          earliest = Math.min(earliest, member.deadlineNanos);
        } else if (member.state() == State.RUNNING) {
          late.add(member);
        }
      }
    }
    return earliest;
  }

  private void end(Request<P, O> request) {
    if (request.waiter == null && request.withdraw() == State.RUNNING) {
      long now = clock.getAsLong();
      InferenceException error = Deliveries.late(request, now);
      abandon.accept(request);
      events.failed(error, now - request.arrivedNanos);
      deliveries.fail(request, error);
    }
  }
}
