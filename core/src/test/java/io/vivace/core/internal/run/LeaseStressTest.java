package io.vivace.core.internal.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.internal.schedule.SlotPool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeaseStressTest {
  @Test
  void close_whileOthersAcquire_destroysOnceAndNeverUnderAUser() throws Exception {
    for (int round = 0; round < 500; round++) {
      AtomicInteger destroyed = new AtomicInteger();
      AtomicBoolean usedAfterwards = new AtomicBoolean();
      Lease lease = new Lease(destroyed::incrementAndGet);
      CyclicBarrier start = new CyclicBarrier(3);
      Runnable user =
          () -> {
            meet(start);
            while (lease.acquire()) {
              if (destroyed.get() != 0) {
                usedAfterwards.set(true);
              }
              lease.release();
            }
          };
      List<Thread> threads = List.of(new Thread(user), new Thread(user));
      threads.forEach(Thread::start);
      meet(start);
      assertThat(lease.close()).isTrue();
      assertThat(lease.close()).isFalse();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(destroyed).hasValue(1);
      assertThat(usedAfterwards).isFalse();
      assertThat(lease.isClosed()).isTrue();
    }
  }

  @Test
  void close_withUsers_waitsForTheLastOfThem() {
    AtomicInteger destroyed = new AtomicInteger();
    Lease lease = new Lease(destroyed::incrementAndGet);
    assertThat(lease.acquire()).isTrue();
    assertThat(lease.acquire()).isTrue();
    lease.close();
    assertThat(lease.acquire()).isFalse();
    lease.release();
    assertThat(destroyed).hasValue(0);
    lease.release();
    assertThat(destroyed).hasValue(1);
    assertThat(lease.acquire()).isFalse();
    assertThat(destroyed).hasValue(1);
  }

  @Test
  void take_manyThreads_neverShareASlot() throws Exception {
    SlotPool<AtomicInteger> pool = new SlotPool<>(3, AtomicInteger::new);
    AtomicInteger shared = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      threads.add(
          new Thread(
              () -> {
                for (int i = 0; i < 20_000; i++) {
                  AtomicInteger slot = pool.take();
                  if (slot.incrementAndGet() != 1) {
                    shared.incrementAndGet();
                  }
                  slot.decrementAndGet();
                  pool.give(slot);
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(shared).hasValue(0);
    AtomicInteger left = new AtomicInteger();
    pool.forEach(slot -> left.incrementAndGet());
    assertThat(left).hasValue(3);
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
