package io.vivace.core.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkerThreadsTest {
  private final AtomicInteger left = new AtomicInteger();
  private final Semaphore done = new Semaphore(0);

  /** Stops a worker that looks whether there is work, once. */
  private volatile @Nullable CountDownLatch stop;

  private final CountDownLatch stopped = new CountDownLatch(1);

  private class Tasks implements WorkerThreads.Work {
    @Override
    public boolean isThere() {
      boolean there = left.get() > 0;
      CountDownLatch latch = stop;
      if (latch != null) {
        stop = null;
        stopped.countDown();
        awaitQuietly(latch);
      }
      return there;
    }

    @Override
    public void doSome() {
      left.decrementAndGet();
      done.release();
    }
  }

  /**
   * A call sees that the only worker sleeps. Before it can call it, a chore wakes the worker, which
   * goes to sleep again after the call has found nobody; then more work comes.
   */
  private final class Crossed extends WorkerThreads {
    private final CountDownLatch look = new CountDownLatch(1);
    private int step;

    Crossed() {
      super("test", 1, new Tasks());
    }

    @Override
    boolean mayWake() {
      boolean may = super.mayWake();
      if (step == 1) {
        stop = look;
        offer(() -> {});
        awaitQuietly(stopped);
        step = 2;
      }
      return may;
    }

    @Override
    boolean wake() {
      boolean woken = super.wake();
      if (step == 2) {
        step = 3;
        assertThat(woken).isFalse();
        look.countDown();
        awaitIdle();
        left.incrementAndGet();
        wakeOne();
      }
      return woken;
    }

    void awaitIdle() {
      while (idle() == 0) {
        Thread.onSpinWait();
      }
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void wakeOne_workCameWhileAnotherCallFoundNobody_isDone() throws Exception {
    Crossed threads = new Crossed();
    left.set(1);
    threads.wakeOne();
    done.acquire();
    threads.awaitIdle();

    threads.step = 1;
    threads.wakeOne();

    assertThat(done.tryAcquire(20, TimeUnit.SECONDS)).as("the work is done").isTrue();
    threads.end();
  }

  /** Work that comes fast, as long as the test says so. */
  private class Brisk extends Tasks {
    volatile boolean brisk = true;
    volatile boolean forgotten;

    @Override
    public boolean isBrisk() {
      return brisk;
    }

    @Override
    public boolean isLeft() {
      return forgotten;
    }
  }

  private static void awaitGuard(WorkerThreads threads) {
    while (!threads.standsBy()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void guard_workThatNobodyWasCalledFor_isDone() throws Exception {
    Brisk work = new Brisk();
    WorkerThreads threads = new WorkerThreads("test", 1, work);
    left.set(1);
    threads.wakeOne();
    done.acquire();
    awaitGuard(threads);

    left.set(1);
    assertThat(done.availablePermits()).as("done before it was left for long").isZero();
    work.forgotten = true;

    assertThat(done.tryAcquire(20, TimeUnit.SECONDS)).as("the work is done").isTrue();
    threads.end();
  }

  @Test
  void guard_workWasLeftToItAtItsEnd_isDone() throws Exception {
    Brisk work =
        new Brisk() {
          private boolean given;

          @Override
          public boolean isBrisk() {
            if (!brisk && !given) {
              given = true;
              left.set(1); // by one who saw the guard, and so calls nobody
            }
            return brisk;
          }
        };
    WorkerThreads threads = new WorkerThreads("test", 1, work);
    left.set(1);
    threads.wakeOne();
    done.acquire();
    awaitGuard(threads);

    work.brisk = false;

    assertThat(done.tryAcquire(20, TimeUnit.SECONDS)).as("the work is done").isTrue();
    while (threads.idle() == 0) {
      Thread.onSpinWait();
    }
    assertThat(threads.standsBy()).as("on guard when work has become rare").isFalse();
    threads.end();
  }

  @Test
  void looksOn_workCameAtTheLastLook_isDone() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    WorkerThreads[] threads = new WorkerThreads[1];
    Brisk work =
        new Brisk() {
          @Override
          public boolean isThere() {
            boolean there = super.isThere();
            if (!there && looks.incrementAndGet() == 3) { // sees nothing, and comes late
              left.set(1);
              threads[0].wakeOne();
              long begin = System.nanoTime();
              while (System.nanoTime() - begin < 200_000) {
                Thread.onSpinWait();
              }
            }
            return there;
          }
        };
    threads[0] = new WorkerThreads("test", 2, work);
    left.set(1);
    threads[0].wakeOne();
    done.acquire();

    assertThat(done.tryAcquire(20, TimeUnit.SECONDS)).as("the work is done").isTrue();
    threads[0].end();
  }
}
