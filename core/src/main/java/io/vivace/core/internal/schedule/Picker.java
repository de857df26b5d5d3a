package io.vivace.core.internal.schedule;

import io.vivace.core.observe.ShedReason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses from the line what runs next, and turns away what can no longer be in time. Deterministic
 * and not thread-safe: the line, the time and the sizes decide.
 */
final class Picker<P, O> {
  /** A request that is turned away. */
  record Shed<P, O>(Request<P, O> request, ShedReason reason) {}

  /** A run is short that takes at most this part of the time that a request has. */
  private static final int SHORT = 8;

  /** This part of the time is then left for what nobody plans; it is longer than a time slice. */
  private static final int SLACK = 5;

  private final Line<P, O> line;
  private final Sizing sizing;
  private final long windowNanos;

  /**
   * Makes a picker.
   *
   * @param windowNanos how long a request may wait for others to fill its run
   */
  Picker(Line<P, O> line, Sizing sizing, long windowNanos) {
    this.line = line;
    this.sizing = sizing;
    this.windowNanos = windowNanos;
  }

  /** When the next run should begin; now or earlier if at once. */
  long readyNanos(long now) {
    Request<P, O> head = line.first();
    if (windowNanos == 0 || head == null || line.sizeOf(head.group) >= sizing.limit()) {
      return now;
    }
    long ready = head.arrivedNanos + windowNanos;
    long run = Math.max(0, sizing.predictedNanos(head.group, sizing.limit()));
    return head.deadlineNanos == Request.NO_DEADLINE
        ? ready
        : Math.min(ready, head.deadlineNanos - run);
  }

  /**
   * Takes a batch out of the line.
   *
   * @param own a request that is not in the line and goes first, or null
   * @param limit how many rows the batch may have
   * @param shed receives what is turned away
   * @return the batch, empty if nothing is left
   */
  Batch<P, O> pick(long now, @Nullable Request<P, O> own, int limit, List<Shed<P, O>> shed) {
    Batch<P, O> batch = new Batch<>();
    Request<P, O> head = own;
    while (true) {
      head = head == null ? line.first() : head;
      if (head == null) {
        return batch;
      }
      int waiting = line.sizeOf(head.group) + (head == own ? 1 : 0);
      int rows = affordable(head, Math.min(limit, sizing.rows(head.group, waiting)));
      rows = inTime(head, now, rows, waiting);
      if (rows == 0) {
        turnAway(head, now, shed);
      } else {
        fill(batch, head, rows, now, shed);
        if (batch.rows() > 0) {
          batch.seal(sizing.size(batch.rows()));
          return batch;
        }
      }
      head = null;
    }
  }

  /**
   * No more rows than leave half of the time that the request had when it came, or than mostly run
   * in four fifths of it. A bigger run could be too long for every request, and under overload all
   * would be turned away for its sake.
   */
  private int affordable(Request<P, O> head, int rows) {
    if (head.deadlineNanos == Request.NO_DEADLINE) {
      return rows;
    }
    long time = head.deadlineNanos - head.arrivedNanos;
    int fewer = rows;
    while (fewer > 1 && !isAffordable(head.group, sizing.size(fewer), time)) {
      fewer = Integer.highestOneBit(fewer - 1);
    }
    return fewer;
  }

  private boolean isAffordable(int group, int size, long time) {
    return sizing.leastNanos(group, size) <= time / 2
        && sizing.predictedNanos(group, size) <= time / 5 * 4;
  }

  /** How many rows may run with a request so that it is in time; 0 if it is too late for it. */
  private int inTime(Request<P, O> head, long now, int rows, int waiting) {
    long left = head.deadlineNanos - now;
    if (left <= 0) {
      return 0;
    }
    if (head.deadlineNanos == Request.NO_DEADLINE
        || isInTime(head, rows, waiting > rows ? left - slack(head, rows) : left)) {
      return rows;
    }
    // With more waiting than run, small runs would only make everybody late.
    for (int fewer = Integer.highestOneBit(rows) / 2; fewer > 0 && waiting <= rows; fewer /= 2) {
      if (isInTime(head, fewer, left)) {
        return fewer;
      }
    }
    return 0;
  }

  private boolean isInTime(Request<P, O> request, int rows, long left) {
    return left > 0 && sizing.predictedNanos(request.group, sizing.size(rows)) < left;
  }

  /**
   * The operating system may stop a thread for longer than a short run takes: what would be ready
   * at the last moment is then late, though its caller gets it as a success. So where more wait
   * than can run, those go first that have some time left.
   */
  private long slack(Request<P, O> head, int rows) {
    long time = head.deadlineNanos - head.arrivedNanos;
    long run = sizing.predictedNanos(head.group, sizing.size(rows));
    return run >= 0 && run < time / SHORT ? time / SLACK : 0;
  }

  private void fill(
      Batch<P, O> batch, Request<P, O> head, int rows, long now, List<Shed<P, O>> shed) {
    Request<P, O> next = head;
    long run = Math.max(0, sizing.predictedNanos(head.group, sizing.size(rows)));
    while (next != null && batch.rows() < rows) {
      if (next.deadlineNanos != Request.NO_DEADLINE && next.deadlineNanos - now <= run) {
        turnAway(next, now, shed);
      } else {
        line.remove(next);
        if (next.claim(batch, now)) {
          batch.add(next);
        }
      }
      next = batch.rows() < rows ? line.firstOf(head.group) : null;
    }
  }

  private void turnAway(Request<P, O> request, long now, List<Shed<P, O>> shed) {
    line.remove(request);
    if (request.shed()) {
      boolean passed = request.deadlineNanos <= now;
      shed.add(
          new Shed<>(request, passed ? ShedReason.DEADLINE_PASSED : ShedReason.DEADLINE_PREDICTED));
    }
  }

  /** Turns away everything whose deadline has passed; returns the earliest deadline left. */
  long expire(long now, List<Shed<P, O>> shed) {
    List<Request<P, O>> passed = new ArrayList<>();
    long[] earliest = {Request.NO_DEADLINE};
    line.forEach(
        request -> {
          if (request.deadlineNanos <= now) {
            passed.add(request);
          } else {
            earliest[0] = Math.min(earliest[0], request.deadlineNanos);
          }
        });
    passed.forEach(request -> turnAway(request, now, shed));
    return earliest[0];
  }
}
