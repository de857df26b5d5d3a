package io.vivace.core.internal.schedule;

import io.vivace.core.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Requests that run together. Stopped when nobody waits for any of them any more: until native code
 * returns it is then a zombie, which keeps its slot.
 */
public final class Batch<P, O> {
  private final List<Request<P, O>> members = new ArrayList<>();
  private final AtomicInteger wanted = new AtomicInteger();
  private int size;
  private boolean hasDeadline;
  private boolean[] over = {};
  private @Nullable Throwable[] errors = {};
  private @Nullable Object[] answers = {};

  private boolean clean = true;
  private volatile boolean stopped;

  /** How to stop the run, while it runs. Guarded by this. */
  private @Nullable Runnable stop;

  private boolean zombie;
  private long zombieSince;

  Batch() {}

  void add(Request<P, O> request) {
    members.add(request);
    hasDeadline |= request.deadlineNanos != Request.NO_DEADLINE;
  }

  /** All members are there. */
  void seal(int runSize) {
    size = Math.max(runSize, members.size());
    stopped = wanted.addAndGet(members.size()) <= 0; // some may have been abandoned already
    over = new boolean[members.size()];
    errors = new Throwable[members.size()];
    answers = new Object[members.size()];
  }

  List<Request<P, O>> members() {
    return members;
  }

  boolean hasDeadline() {
    return hasDeadline;
  }

  /** How many requests there are. */
  public int rows() {
    return members.size();
  }

  /** How many rows the run should have: as many as requests, or more, which are padding. */
  public int size() {
    return size;
  }

  public P payload(int row) {
    return members.get(row).payload;
  }

  /** Whether a row has neither answer nor error. */
  public boolean isOpen(int row) {
    return !over[row];
  }

  public void answer(int row, O answer) {
    answers[row] = answer;
    over[row] = true;
  }

  public void fail(int row, Throwable error) {
    errors[row] = error;
    over[row] = true;
  }

  /** Notes that a run failed, so that nothing is learnt from what this batch took. */
  public void spoil() {
    clean = false;
  }

  boolean isClean() {
    return clean && !stopped;
  }

  /** Whether nobody waits any more, so that further runs are in vain. */
  public boolean isStopped() {
    return stopped;
  }

  void failOpen(Throwable error) {
    for (int row = 0; row < over.length; row++) {
      if (isOpen(row)) {
        fail(row, error);
      }
    }
  }

  /** Hands a row's outcome to its request; false if nobody waits for it. */
  boolean finish(int row) {
    if (isOpen(row)) {
      fail(row, new EngineException("the engine gave no answer for row " + row + " of its batch"));
    }
    @SuppressWarnings("unchecked") // only answer() writes answers
    O answer = (O) answers[row];
    return members.get(row).finish(answer, errors[row]);
  }

  /** From now on the run can be stopped. */
  synchronized void begin(Runnable how) {
    if (stopped) {
      how.run();
    } else {
      stop = how;
    }
  }

  /**
   * The run has ended: it can no more be stopped.
   *
   * @return for how long it was a zombie; negative if it was none
   */
  synchronized long end(long now) {
    stop = null;
    return zombie ? Math.max(0, now - zombieSince) : -1; // it may begin after now was read
  }

  /** One member's caller is gone; true if it was the last and the run goes on as a zombie. */
  boolean abandon(long now) {
    return wanted.decrementAndGet() == 0 && stop(now);
  }

  private synchronized boolean stop(long now) {
    stopped = true;
    if (stop == null) {
      return false;
    }
    stop.run();
    zombie = true;
    zombieSince = now;
    return true;
  }
}
