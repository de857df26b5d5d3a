package io.vivace.core.internal.schedule;

import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of a predictor: fixed platform threads, started when first needed, which sleep until
 * there is work. At most one of them is being woken at a time: when it has taken its part and there
 * is more, it wakes the next.
 */
class WorkerThreads {
  private static final Logger log = LoggerFactory.getLogger(WorkerThreads.class);

  /** What the threads do. */
  interface Work {
    /** Whether there is anything to do for a worker that wakes up. */
    boolean isThere();

    /** Does a part of it. */
    void doSome();
  }

  private final class Worker extends Thread {
    private volatile boolean called;

    Worker(int number) {
      super("vivace-" + name + "-" + number);
      setDaemon(true);
    }

    @Override
    public void run() {
      while (!ended || hasWork()) {
        waking.set(false);
        if (hasWork()) {
          guarded();
        } else {
          sleep();
        }
      }
    }

    private void guarded() {
      try {
        Runnable chore = chores.poll();
        if (chore != null) {
          chore.run();
        } else {
          work.doSome();
        }
      } catch (Throwable e) { // whatever it is, the thread lives on
        log.error("a worker of predictor {} caught what it should not", name, e);
      }
    }

    private void sleep() {
      synchronized (idle) {
        called = false;
        idle.push(this);
        idleCount = idle.size();
      }
      if (ended || hasWork()) {
        wake(); // perhaps itself: what came between the last look and the sleep is not lost
      }
      while (!called) {
        LockSupport.park(WorkerThreads.this);
        if (Thread.interrupted()) {
          log.debug("worker {} was interrupted, and goes on", getName());
        }
      }
    }
  }

  private final String name;
  private final int count;
  private final Work work;
  private final ConcurrentLinkedQueue<Runnable> chores = new ConcurrentLinkedQueue<>();
  private final ArrayDeque<Worker> idle = new ArrayDeque<>();
  private final AtomicBoolean waking = new AtomicBoolean();
  private int started;
  private volatile int idleCount;
  private volatile boolean mayStart = true;
  private volatile boolean ended;

  WorkerThreads(String name, int count, Work work) {
    this.name = name;
    this.count = count;
    this.work = work;
  }

  /** How many sleep. */
  int idle() {
    return idleCount;
  }

  private boolean hasWork() {
    return !chores.isEmpty() || work.isThere();
  }

  /** Calls a worker unless all are busy or one has just been called. */
  void wakeOne() {
    while (mayWake() && !waking.get() && waking.compareAndSet(false, true)) {
      if (wake()) {
        return;
      }
      waking.set(false);
      if (!hasWork()) { // else it may have come meanwhile, and relied on the one being called
        return;
      }
    }
  }

  /** Hands out something that any worker may do, or none: the caller does what is left of it. */
  void offer(Runnable chore) {
    if (!ended) {
      chores.add(chore);
      wake();
    }
  }

  /** Whether a call may find a worker, as far as is known without the lock. */
  boolean mayWake() {
    return idleCount > 0 || mayStart;
  }

  /** Calls one that sleeps, or starts one; false if all are busy. */
  boolean wake() {
    Worker worker;
    synchronized (idle) {
      worker = idle.poll();
      idleCount = idle.size();
      if (worker == null) {
        return start();
      }
    }
    worker.called = true;
    LockSupport.unpark(worker);
    return true;
  }

  private boolean start() {
    if (started == count) {
      return false;
    }
    new Worker(++started).start();
    mayStart = started < count;
    return true;
  }

  /** Lets the threads end when there is nothing left to do. */
  void end() {
    synchronized (idle) {
      ended = true;
      started = count;
      mayStart = false;
    }
    while (wake()) {
      // each of them
    }
  }
}
