package io.vivace.core.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BatchTest {
  private final Batch<String, String> batch = new Batch<>();
  private final AtomicInteger stops = new AtomicInteger();

  private void begins() {
    batch.add(new Request<>(null, "", 0, 0, 0, Request.NO_DEADLINE, null, false));
    batch.seal(1);
    batch.begin(stops::incrementAndGet);
  }

  @Test
  void end_abandonedBefore_isHowLongItWasAZombie() {
    begins();

    assertThat(batch.abandon(10)).as("began").isTrue();
    assertThat(batch.end(15)).isEqualTo(5);
    assertThat(stops).hasValue(1);
  }

  @Test
  void end_timeReadBeforeItWasAbandoned_endsTheZombieAllTheSame() {
    begins();

    assertThat(batch.abandon(10)).as("began").isTrue();
    assertThat(batch.end(5)).isZero();
  }

  @Test
  void abandon_afterTheEnd_isNoZombie() {
    begins();

    assertThat(batch.end(5)).isNegative();
    assertThat(batch.abandon(10)).isFalse();
    assertThat(stops).hasValue(0);
  }
}
