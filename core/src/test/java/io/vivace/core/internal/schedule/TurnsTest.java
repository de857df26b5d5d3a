package io.vivace.core.internal.schedule;

import static io.vivace.core.internal.schedule.Turns.FIRST_PAUSE_NANOS;
import static io.vivace.core.internal.schedule.Turns.KEEP_NANOS;
import static io.vivace.core.internal.schedule.Turns.LONGEST_PAUSE_NANOS;
import static io.vivace.core.internal.schedule.Turns.MEASURE_NANOS;
import static io.vivace.core.internal.schedule.Turns.SETTLE_NANOS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Trials on a clock and a count of the test's own. */
@Timeout(60)
class TurnsTest {
  private final AtomicLong now = new AtomicLong(1);
  private final AtomicLong answered = new AtomicLong(7);
  private final AtomicInteger clockReads = new AtomicInteger();
  private final Turns turns = new Turns(this::readClock, answered::get);

  private long readClock() {
    clockReads.incrementAndGet();
    return now.get();
  }

  private void passes(long nanos, long rows) {
    now.addAndGet(nanos);
    answered.addAndGet(rows);
    turns.look();
  }

  private void begins() {
    turns.contested();
    assertThat(turns.together()).as("measured apart first").isFalse();
  }

  /** A trial in which so many rows are answered in the same time. */
  private void trial(long apart, long together) {
    begins();
    compared(apart, together);
  }

  private void compared(long apart, long together) {
    passes(MEASURE_NANOS, apart);
    assertThat(turns.together()).isTrue();
    passes(SETTLE_NANOS, 0);
    passes(MEASURE_NANOS, together);
  }

  /** What is kept is compared again. */
  private void comparedAgain(long apart, long together) {
    passes(KEEP_NANOS, 0);
    assertThat(turns.together()).isFalse();
    passes(SETTLE_NANOS, 1_000_000);
    compared(apart, together);
  }

  private boolean isTrialBegunBy(long nanos) {
    now.addAndGet(nanos);
    turns.contested();
    passes(MEASURE_NANOS, 1);
    return turns.together();
  }

  @Test
  void contested_aboutAsManyRowsTogether_isKept() {
    trial(1_000, 951);
    assertThat(turns.together()).isTrue();
    passes(KEEP_NANOS - 1, 0);
    assertThat(turns.together()).isTrue();
  }

  @Test
  void contested_fewerRowsTogether_goesBackApart() {
    trial(1_000, 949);
    assertThat(turns.together()).isFalse();
  }

  @Test
  void look_beforeAStepIsDue_doesNothing() {
    begins();
    passes(MEASURE_NANOS - 1, 1_000);
    assertThat(turns.together()).isFalse();
    passes(1, 0);
    assertThat(turns.together()).isTrue();
    passes(SETTLE_NANOS - 1, 1_000_000);
    passes(1, 1_000_000);
    passes(MEASURE_NANOS - 1, 900);
    assertThat(turns.together()).as("not judged yet").isTrue();
    passes(1, 0);
    assertThat(turns.together()).as("what came while it settled is not counted").isFalse();
  }

  @Test
  void look_measuredForLonger_comparesRates() {
    begins();
    passes(2 * MEASURE_NANOS, 2_000);
    passes(SETTLE_NANOS, 0);
    passes(MEASURE_NANOS, 1_000);
    assertThat(turns.together()).isTrue();
  }

  @Test
  void contested_whileATrialRuns_takesItsSteps() {
    begins();
    now.addAndGet(MEASURE_NANOS);
    answered.addAndGet(1);
    turns.contested();
    assertThat(turns.together()).isTrue();
  }

  @Test
  void contested_trialsLost_pausesTwiceAsLongEachUpToTheLongest() {
    long pause = FIRST_PAUSE_NANOS;
    for (int lost = 0; lost < 8; lost++) {
      trial(1_000, 500);
      assertThat(isTrialBegunBy(pause - 1 - MEASURE_NANOS)).as("pause %s", pause).isFalse();
      now.addAndGet(1);
      pause = Math.min(LONGEST_PAUSE_NANOS, pause * 2);
    }
    assertThat(pause).isEqualTo(LONGEST_PAUSE_NANOS);
  }

  @Test
  void contested_trialWon_pausesBrieflyAfterTheNextThatIsLost() {
    trial(1_000, 500);
    now.addAndGet(FIRST_PAUSE_NANOS);
    trial(1_000, 1_000);
    comparedAgain(1_000, 500);
    assertThat(turns.together()).isFalse();
    assertThat(isTrialBegunBy(FIRST_PAUSE_NANOS)).isTrue();
  }

  @Test
  void look_keptForLong_comparesAgain() {
    trial(1_000, 1_000);
    comparedAgain(2_000, 1_950);
    assertThat(turns.together()).isTrue();
    comparedAgain(2_000, 1_850);
    assertThat(turns.together()).isFalse();
    assertThat(isTrialBegunBy(FIRST_PAUSE_NANOS - 1 - MEASURE_NANOS)).isFalse();
  }

  @Test
  void look_atFiveTimesTheLength_stillCounts() {
    begins();
    passes(5 * MEASURE_NANOS, 1_000);
    assertThat(turns.together()).isTrue();
  }

  @Test
  void look_farTooLateApart_isVoid() {
    begins();
    passes(5 * MEASURE_NANOS + 1, 1_000);
    assertThat(turns.together()).isFalse();
    assertThat(isTrialBegunBy(0)).as("without a pause").isTrue();
  }

  @Test
  void look_farTooLateTogether_isVoid() {
    begins();
    passes(MEASURE_NANOS, 1_000);
    passes(SETTLE_NANOS, 0);
    passes(5 * MEASURE_NANOS + 1, 1_000_000);
    assertThat(turns.together()).as("not judged").isFalse();
    assertThat(isTrialBegunBy(0)).as("without a pause").isTrue();
  }

  @Test
  void look_nothingAnsweredApart_keepsTogether() {
    begins();
    passes(MEASURE_NANOS, 0);
    passes(KEEP_NANOS - 1, 0);
    assertThat(turns.together()).isTrue();
    passes(1, 0);
    assertThat(turns.together()).as("compared again").isFalse();
  }

  @Test
  void over_whileKept_isApartUntilContestedAgain() {
    trial(1_000, 1_000);
    turns.over();
    assertThat(turns.together()).isFalse();
    passes(KEEP_NANOS, 1_000);
    assertThat(turns.together()).isFalse();
    trial(1_000, 1_000);
    assertThat(turns.together()).isTrue();
  }

  @Test
  void over_whileATrialRuns_endsIt() {
    begins();
    turns.over();
    passes(MEASURE_NANOS, 1_000);
    assertThat(turns.together()).isFalse();
    assertThat(isTrialBegunBy(0)).isTrue();
    turns.over();
    assertThat(turns.together()).isFalse();
  }

  @Test
  void over_whilePaused_keepsThePause() {
    trial(1_000, 500);
    turns.over();
    assertThat(isTrialBegunBy(FIRST_PAUSE_NANOS - 1 - MEASURE_NANOS)).isFalse();
    assertThat(isTrialBegunBy(1)).isTrue();
    turns.over();
    trial(1_000, 500);
    assertThat(isTrialBegunBy(2 * FIRST_PAUSE_NANOS - 1 - MEASURE_NANOS)).isFalse();
  }

  @Test
  void keep_idle_isTogetherUntilItIsOver() {
    turns.keep();
    passes(10 * KEEP_NANOS, 1_000);
    assertThat(turns.together()).isTrue();
    turns.over();
    assertThat(turns.together()).isFalse();
  }

  @Test
  void keep_whileATrialRuns_leavesItAlone() {
    begins();
    turns.keep();
    assertThat(turns.together()).isFalse();
  }

  @Test
  void look_idle_readsNoClock() {
    turns.look();
    trial(1_000, 500);
    int reads = clockReads.get();
    turns.look();
    assertThat(clockReads).hasValue(reads);
  }

  @Test
  void look_whileAnotherTakesTheStep_goesOn() throws Exception {
    CountDownLatch counting = new CountDownLatch(1);
    CountDownLatch counted = new CountDownLatch(1);
    AtomicInteger counts = new AtomicInteger();
    Turns busy =
        new Turns(
            now::get,
            () -> {
              if (counts.incrementAndGet() == 2) { // the end of the phase apart
                counting.countDown();
                awaitQuietly(counted);
              }
              return counts.get();
            });
    busy.contested();
    now.addAndGet(MEASURE_NANOS);
    Thread first = new Thread(busy::look);
    first.start();
    counting.await();
    assertThat(CompletableFuture.runAsync(busy::look)).succeedsWithin(Duration.ofSeconds(30));
    assertThat(CompletableFuture.runAsync(busy::contested)).succeedsWithin(Duration.ofSeconds(30));
    assertThat(busy.together()).isFalse();
    assertThat(counts).hasValue(2);
    counted.countDown();
    first.join();
    assertThat(busy.together()).isTrue();
  }

  @Test
  void look_anotherTookTheStepMeanwhile_takesNone() {
    Deque<Runnable> meanwhile = new ArrayDeque<>();
    Turns raced =
        new Turns(
            () -> {
              long read = now.get();
              if (!meanwhile.isEmpty()) {
                meanwhile.pop().run();
              }
              return read;
            },
            answered::get);
    raced.contested();
    passes(MEASURE_NANOS, 1_000);
    meanwhile.push(raced::look); // once it is found that the step is due
    meanwhile.push(() -> {});
    raced.look();
    passes(SETTLE_NANOS, 1_000_000);
    raced.look();
    passes(MEASURE_NANOS, 500);
    raced.look();
    assertThat(raced.together()).as("what came while it settled is not counted").isFalse();
  }

  @Test
  void look_manyAtOnce_stepOnce() throws Exception {
    AtomicInteger counts = new AtomicInteger();
    Turns shared = new Turns(now::get, counts::incrementAndGet);
    shared.contested();
    now.addAndGet(MEASURE_NANOS);
    CyclicBarrier together = new CyclicBarrier(8);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Thread thread =
          new Thread(
              () -> {
                awaitQuietly(together);
                shared.look();
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(counts).as("at the begin and at the end").hasValue(2);
    assertThat(shared.together()).isTrue();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitQuietly(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
