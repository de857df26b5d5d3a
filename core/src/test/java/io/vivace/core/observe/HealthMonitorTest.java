package io.vivace.core.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HealthMonitorTest {
  private static final ModelVersion FIRST = new ModelVersion("m", "1", "Stub", "cpu");
  private static final ModelVersion SECOND = new ModelVersion("m", "2", "Stub", "gpu:0");

  private final AtomicLong clock = new AtomicLong();
  private String verdict = "passed";
  private final HealthMonitor monitor = HealthMonitor.with(clock::get, engine -> verdict);

  @Test
  void noPredictor_isLiveButNotReady() {
    assertThat(monitor.health().isLive()).isTrue();
    assertThat(monitor.health().isReady()).isFalse();
    assertThat(monitor.health().isDegraded()).isFalse();
  }

  @Test
  void opened_isReadyAndTellsTheDevice_closedIsNot() {
    monitor.opened(FIRST);
    assertThat(monitor.health().isReady()).isTrue();
    assertThat(monitor.health().models()).containsExactly(FIRST);
    monitor.closed(FIRST);
    assertThat(monitor.health().isReady()).isFalse();
  }

  @Test
  void swap_keepsReadyWhileTheOldVersionDrains() {
    monitor.opened(FIRST);
    monitor.swapped(FIRST, SECOND, 1);
    assertThat(monitor.health().models()).containsExactly(SECOND);
    monitor.closed(FIRST);
    assertThat(monitor.health().isReady()).isTrue();
    assertThat(monitor.health().models()).containsExactly(SECOND);
  }

  @Test
  void twoPredictorsOfOneName_areReadyUntilBothAreClosed() {
    monitor.opened(FIRST);
    monitor.opened(FIRST);
    monitor.closed(FIRST);
    assertThat(monitor.health().isReady()).isTrue();
    monitor.closed(FIRST);
    assertThat(monitor.health().isReady()).isFalse();
  }

  @Test
  void shedding_degradesForThirtySeconds() {
    monitor.opened(FIRST);
    monitor.shed(FIRST, ShedReason.QUEUE_FULL, 0);
    clock.addAndGet(Duration.ofSeconds(30).toNanos());
    assertThat(monitor.health().degraded())
        .containsExactly("predictor m turned requests away lately: [QUEUE_FULL]");
    assertThat(monitor.health().isReady()).isTrue();
    clock.addAndGet(1);
    assertThat(monitor.health().isDegraded()).isFalse();
  }

  @Test
  void breaker_degradesWhileOpen_alsoOfAPredictorWithoutAModel() {
    monitor.opened(FIRST);
    monitor.breakerOpened("router");
    assertThat(monitor.health().degraded())
        .containsExactly("the circuit breaker of predictor router is open");
    assertThat(monitor.health().isReady()).isTrue();
    monitor.breakerClosed("router");
    assertThat(monitor.health().isDegraded()).isFalse();
  }

  @Test
  void failedSwap_degradesUntilOneSucceeds() {
    monitor.opened(FIRST);
    monitor.swapFailed(FIRST, new IllegalStateException("no such file"));
    assertThat(monitor.health().degraded())
        .containsExactly("the last swap of predictor m failed: no such file");
    monitor.swapped(FIRST, SECOND, 1);
    assertThat(monitor.health().isDegraded()).isFalse();
  }

  @Test
  void zombie_degrades_andThatNoneReturnsEndsLiveness() {
    monitor.opened(FIRST);
    monitor.zombieBegan(FIRST);
    clock.addAndGet(Duration.ofMinutes(4).toNanos());
    monitor.zombieBegan(FIRST);
    assertThat(monitor.health().degraded())
        .containsExactly("predictor m has runs that nobody waits for: 2");
    assertThat(monitor.health().isLive()).isTrue();
    clock.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(monitor.health().isLive()).isFalse();
    monitor.zombieEnded(FIRST, 1);
    assertThat(monitor.health().isLive()).isTrue();
    monitor.zombieEnded(FIRST, 1);
    assertThat(monitor.health().isDegraded()).isFalse();
  }

  @Test
  void curedSelfTest_degrades() {
    verdict = "oneDNN computes wrongly on this machine: switched off; passed";
    monitor.opened(FIRST);
    assertThat(monitor.health().degraded()).containsExactly("engine Stub: " + verdict);
  }

  @Test
  void engineOfTheServiceLoader_isAskedForItsSelfTest() {
    HealthMonitor standard = HealthMonitor.standard();
    standard.opened(FIRST); // the stub engine of the tests ran no self-test
    assertThat(standard.health().isDegraded()).isFalse();
  }

  @Test
  void times_mustBeAboveZero() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> monitor.remembering(Duration.ZERO))
        .withMessageContaining("PT0S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> monitor.stuckAfter(Duration.ofNanos(-1)))
        .withMessageContaining("above 0");
  }
}
