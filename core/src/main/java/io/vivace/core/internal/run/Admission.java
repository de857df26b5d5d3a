package io.vivace.core.internal.run;

import io.vivace.core.InferenceException;
import io.vivace.core.InferenceInterruptedException;
import io.vivace.core.Overflow;
import io.vivace.core.OverloadedException;
import io.vivace.core.internal.schedule.Events;
import io.vivace.core.internal.schedule.Permits;
import io.vivace.core.observe.ShedReason;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Lets calls in while there is room. What is pending is what has a lease of the model, running or
 * not, so that the bound costs nothing beside the lease.
 */
final class Admission implements Permits {
  private final String name;
  private final Lease lease;
  private final int limit;
  private final Overflow overflow;
  private final Events events;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final AtomicInteger waiting = new AtomicInteger();
  private BooleanSupplier displace = () -> false;

  Admission(String name, Lease lease, int limit, Overflow overflow, Events events) {
    this.name = name;
    this.lease = lease;
    this.limit = limit;
    this.overflow = overflow;
    this.events = events;
  }

  /**
   * Says how room is made, before the first call.
   *
   * @param displacing turns away one of those that wait; false if there is none
   */
  void makeRoomBy(BooleanSupplier displacing) {
    displace = displacing;
  }

  /**
   * Takes a permit, which must be released.
   *
   * @param patienceNanos how long the call can wait for room at most
   * @return how many calls are pending with this one
   * @throws InferenceException if there is no room, or the model is closed
   */
  int enter(long patienceNanos) {
    int pending = lease.acquire(limit);
    return pending > 0 ? pending : enterFull(pending, patienceNanos);
  }

  private int enterFull(int refused, long patienceNanos) {
    int pending = refused;
    if (pending == Lease.FULL) {
      pending =
          switch (overflow.policy()) {
            case REJECT -> Lease.FULL;
            case WAIT -> waitForRoom(Math.min(overflow.patience().toNanos(), patienceNanos));
            case DROP_OLDEST -> takeRoom();
          };
    }
    if (pending > 0) {
      return pending;
    }
    boolean waited = overflow.policy() == Overflow.Policy.WAIT;
    if (pending == Lease.CLOSED) {
      events.shed(ShedReason.CLOSED, 0);
      throw Workers.closed(name);
    }
    events.shed(waited ? ShedReason.WAIT_EXPIRED : ShedReason.QUEUE_FULL, 0);
    throw new OverloadedException(
        "rejected: "
            + limit
            + " calls of predictor \""
            + name
            + "\" are already pending (maxPending="
            + limit
            + (waited ? "), and none ended within " + overflow.patience() : ")")
            + ". Raise maxPending or slow the caller.");
  }

  private int takeRoom() {
    int pending = Lease.FULL;
    while (pending == Lease.FULL && displace.getAsBoolean()) {
      pending = lease.acquire(limit);
    }
    return pending;
  }

  private int waitForRoom(long patienceNanos) {
    long left = patienceNanos;
    lock.lock();
    try {
      waiting.incrementAndGet();
      int pending = lease.acquire(limit);
      while (pending == Lease.FULL && left > 0) {
        left = room.awaitNanos(left);
        pending = lease.acquire(limit);
      }
      return pending;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InferenceInterruptedException(
          "interrupted while waiting for room among " + limit + " pending calls", e);
    } finally {
      waiting.decrementAndGet();
      lock.unlock();
    }
  }

  /** Gives one permit back. */
  void leave() {
    release(1);
  }

  @Override
  public void release(int count) {
    lease.release(count);
    if (waiting.get() > 0) {
      announce(count);
    }
  }

  private void announce(int places) {
    lock.lock();
    try {
      for (int i = 0; i < places && i < waiting.get(); i++) {
        room.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets nobody in any more; those that wait for room find it closed. */
  boolean close() {
    boolean first = lease.close();
    lock.lock();
    try {
      room.signalAll();
    } finally {
      lock.unlock();
    }
    return first;
  }

  @Override
  public boolean hold() {
    return lease.hold();
  }

  @Override
  public void letGo() {
    lease.letGo();
  }
}
