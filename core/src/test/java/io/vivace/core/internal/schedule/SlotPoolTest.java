package io.vivace.core.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SlotPoolTest {
  @Test
  void tryTake_somebodyHasWaitedLong_leavesTheSlotToHim() throws Exception {
    SlotPool<Object> pool = new SlotPool<>(1, Object::new);
    Object slot = pool.take();
    CountDownLatch served = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    Thread patient =
        new Thread(
            () -> {
              Object mine = pool.take();
              served.countDown();
              awaitQuietly(over);
              pool.give(mine);
            });
    patient.start();
    Awaitility.await().until(pool::isContested);
    pool.give(slot);
    assertThat(pool.tryTake()).as("taken, or kept for the one who waits").isNull();
    assertThat(served.await(30, TimeUnit.SECONDS)).isTrue();
    over.countDown();
    patient.join();
    assertThat(pool.isContested()).isFalse();
    assertThat(pool.tryTake()).isSameAs(slot);
  }

  @Test
  void answered_slotsGivenBack_sumsTheirRows() {
    SlotPool<Object> pool = new SlotPool<>(3, Object::new);
    Object one = pool.take();
    Object two = pool.take();
    Object three = pool.take();
    assertThat(pool.answered()).isZero();
    pool.give(one, 16);
    pool.give(two);
    pool.give(three, 0);
    assertThat(pool.answered()).isEqualTo(17);
    pool.give(pool.take(), 4);
    assertThat(pool.answered()).isEqualTo(21);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
