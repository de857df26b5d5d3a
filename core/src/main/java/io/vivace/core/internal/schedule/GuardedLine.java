package io.vivace.core.internal.schedule;

import java.util.concurrent.locks.ReentrantLock;

/**
 * The line behind its lock, with the ingress through which requests come without it. What the line
 * held when the lock was last given back is known to everybody.
 */
final class GuardedLine<P, O> {
  private final Ingress<P, O> ingress;
  private final ReentrantLock lock = new ReentrantLock();
  private final Line<P, O> line;
  private volatile int size;
  private volatile int leaders;

  GuardedLine(Line<P, O> line) {
    this(line, new Ingress<>());
  }

  GuardedLine(Line<P, O> line, Ingress<P, O> ingress) {
    this.line = line;
    this.ingress = ingress;
  }

  /** Adds a request without the lock. */
  void push(Request<P, O> request) {
    ingress.push(request);
  }

  /** Takes the lock, and into the line what has come so far. */
  void lock() {
    lock.lock();
    try {
      if (!ingress.isEmpty()) {
        size = line.size() + 1; // for those who look while it is in neither place
        ingress.drainTo(line);
      }
    } catch (Throwable e) {
      unlock();
      throw e;
    }
  }

  void unlock() {
    size = line.size();
    leaders = line.leaders();
    lock.unlock();
  }

  /** Whether somebody waits, as far as is known without the lock. */
  boolean isWaiting() {
    return !ingress.isEmpty() || size > 0; // in the order in which requests go
  }

  /** About how many wait, as far as is known without the lock. */
  int size() {
    return ingress.size() + size;
  }

  /** Whether some of those in line may run batches on their own threads. */
  boolean hasLeaders() {
    return leaders > 0;
  }

  /** Takes one out that has ended, if it is there. */
  void remove(Request<P, O> request) {
    lock();
    try {
      line.remove(request);
    } finally {
      unlock();
    }
  }
}
