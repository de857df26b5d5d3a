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

  private final class Tasks implements WorkerThreads.Work {
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
}
