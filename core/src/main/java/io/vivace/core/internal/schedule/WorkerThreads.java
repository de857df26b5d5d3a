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

    /** Whether work comes so fast that a worker without any should not sleep at once. */
    default boolean isBrisk() {
      return false;
    }

    /** Whether there is work that those who are awake have not looked at for long. */
    default boolean isLeft() {
      return false;
    }
  }

  private final class Worker extends Thread {
    private volatile boolean called;

    /** How well looking for more has paid lately; 0 or less if it has not. */
    private int credit = MOST_CREDIT;

    Worker(int number) {
      super("vivace-" + name + "-" + number);
      setDaemon(true);
    }

    @Override
    public void run() {
      while (!ended || hasWork()) {
        waking.set(false);
        if (hasWork()) {
          work();
        } else if (!looksOn()) {
          sleep();
        }
      }
    }

    /** Looks for more work for about as long as it takes to fall asleep and be woken. */
    private boolean looksOn() {
      if (credit <= 0 || !work.isBrisk() || !looking.compareAndSet(false, true)) {
        return false;
      }
      long begin = System.nanoTime();
      long now = begin;
      lookedNanos = begin;
      boolean found = hasWork();
      while (!found && now - begin < LOOK_NANOS) {
        giveWay();
        now = System.nanoTime();
        lookedNanos = now;
        found = hasWork();
      }
      looking.set(false);
      credit = found ? Math.min(MOST_CREDIT, credit + 1) : credit - PRICE;
      return found || hasWork();
    }

    private void work() {
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
      long begin = System.nanoTime();
      boolean guards = work.isBrisk() && guarded.compareAndSet(false, true);
      while (!called) {
        guards = guards ? guard() : doze();
        if (Thread.interrupted()) {
          log.debug("worker {} was interrupted, and goes on", getName());
        }
      }
      if (guards) {
        guarded.set(false);
      }
      credit += credit <= 0 && System.nanoTime() - begin < 2 * LOOK_NANOS ? 1 : 0;
    }

    private boolean doze() {
      LockSupport.park(WorkerThreads.this);
      return false;
    }

    /** Sleeps a moment, and sees to it that nothing was left; false if it need not do so again. */
    private boolean guard() {
      LockSupport.parkNanos(WorkerThreads.this, GUARD_NANOS);
      if (work.isLeft()) {
        wake();
      }
      if (work.isBrisk()) {
        return true;
      }
      guarded.set(false);
      if (hasWork()) { // left to this one before it went off guard
        wake();
      }
      return false;
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // those who bring work may need this processor
  private static void giveWay() {
    Thread.yield();
  }

  /** About what it costs to put a thread to sleep and to wake it up. */
  private static final long LOOK_NANOS = 50_000;

  /** Looking on is worth while if it finds work four times of five. */
  private static final int PRICE = 4;

  private static final int MOST_CREDIT = 8;

  private static final long GUARD_NANOS = 1_000_000;

  private final String name;
  private final int count;
  private final Work work;
  private final ConcurrentLinkedQueue<Runnable> chores = new ConcurrentLinkedQueue<>();
  private final ArrayDeque<Worker> idle = new ArrayDeque<>();
  private final AtomicBoolean waking = new AtomicBoolean();

  /** Whether a worker is awake and looks for work, and when it last did. */
  private final AtomicBoolean looking = new AtomicBoolean();

  private volatile long lookedNanos;

  /** Whether one of those that sleep wakes up now and then to see what was left. */
  private final AtomicBoolean guarded = new AtomicBoolean();

  private int started;
  private volatile int idleCount;
  private volatile boolean mayStart = true;
  private volatile boolean ended;

  WorkerThreads(String name, int count, Work work) {
    this.name = name;
    this.count = count;
    this.work = work;
  }

  /** Whether nothing that is left to those who are awake can be left for long. */
  boolean standsBy() {
    return guarded.get();
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
    while (mayWake() && !isLookedFor() && !waking.get() && waking.compareAndSet(false, true)) {
      if (wake()) {
        return;
      }
      waking.set(false);
      if (!hasWork()) { // else it may have come meanwhile, and relied on the one being called
        return;
      }
    }
  }

  /** Whether a worker looks for work at this moment, and has not been stopped while it did. */
  private boolean isLookedFor() {
    return looking.get() && System.nanoTime() - lookedNanos < LOOK_NANOS;
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
