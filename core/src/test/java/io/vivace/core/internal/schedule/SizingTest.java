package io.vivace.core.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class SizingTest {
  private static final long HANDOFF = 10_000;

  private final AtomicLong clock = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();

  private Sizing measured(int limit, IntToLongFunction nanos) {
    Sizing sizing = Sizing.adaptive(limit, HANDOFF, clock::get, answered::get);
    for (int size = 1; size <= limit; size *= 2) {
      for (int i = 0; i < 3; i++) {
        sizing.calibrate(0, size, nanos.applyAsLong(size));
      }
    }
    return sizing;
  }

  @Test
  void target_fixedCostPerRun_isTheLimit() {
    Sizing sizing = measured(64, size -> 4_000 + 500L * size);
    assertThat(sizing.target(0)).isEqualTo(64);
    assertThat(sizing.combines(0)).as("saves 4 us a row, a hand-off costs 10").isFalse();
  }

  @Test
  void target_costInProportionToRows_isOne() {
    Sizing sizing = measured(64, size -> 1_000_000L * size);
    assertThat(sizing.target(0)).isEqualTo(1);
    assertThat(sizing.combines(0)).isFalse();
  }

  @Test
  void combines_savingsAboveTheHandoff_beginsAndEndsWithHysteresis() {
    Sizing sizing = measured(4, size -> 40_000 + 10_000L * size);
    assertThat(sizing.target(0)).isEqualTo(4);
    assertThat(sizing.combines(0)).as("50 alone, 20 together").isTrue();
    // From now on 30 alone: 10 saved, which would not begin it, but does not end it.
    learn(sizing, 1, 30_000, 64);
    assertThat(sizing.combines(0)).isTrue();
    learn(sizing, 1, 22_000, 64);
    assertThat(sizing.combines(0)).isFalse();
    learn(sizing, 1, 30_000, 64);
    assertThat(sizing.combines(0)).isFalse();
  }

  @Test
  void target_rowsCostAboutTheSame_paysForTheStartOfARun() {
    Sizing sizing = measured(64, size -> 5_000 + 15_000L * size);
    // With 20 us for each start a row takes 15.4 us among 64, 15.8 among 32, 16.6 among 16.
    assertThat(sizing.target(0)).isEqualTo(32);
  }

  /** A trial with nothing to compare with: running together is kept. */
  private void isContested(Sizing sizing) {
    sizing.contested(0);
    clock.addAndGet(Turns.MEASURE_NANOS);
    sizing.look();
  }

  @Test
  void combines_savingsBelowTheHandoff_onlyWhileASlotIsContested() {
    Sizing sizing = measured(64, size -> 4_000 + 500L * size);
    isContested(sizing);
    assertThat(sizing.combines(0)).isTrue();
    sizing.uncontested();
    assertThat(sizing.combines(0)).isFalse();
  }

  @Test
  void combines_contestedButFewerRowsAreAnswered_isFalse() {
    Sizing sizing = measured(64, size -> 4_000 + 500L * size);
    answersInATrial(sizing, 949);
    assertThat(sizing.combines(0)).isFalse();
  }

  @Test
  void combines_contestedAndAboutAsManyRowsAreAnswered_isTrue() {
    Sizing sizing = measured(64, size -> 4_000 + 500L * size);
    answersInATrial(sizing, 951);
    assertThat(sizing.combines(0)).isTrue();
  }

  private void answersInATrial(Sizing sizing, int together) {
    sizing.contested(0);
    assertThat(sizing.combines(0)).as("apart first").isFalse();
    answered.addAndGet(1_000);
    clock.addAndGet(Turns.MEASURE_NANOS);
    sizing.look();
    assertThat(sizing.combines(0)).as("tried").isTrue();
    clock.addAndGet(Turns.SETTLE_NANOS);
    sizing.look();
    answered.addAndGet(together);
    clock.addAndGet(Turns.MEASURE_NANOS);
    sizing.look();
  }

  @Test
  void combines_longRunsContested_isTrueWithoutATrial() {
    Sizing sizing = Sizing.adaptive(64, HANDOFF, clock::get, answered::get);
    learn(sizing, 1, 1_000_000, 3);
    sizing.contested(0);
    assertThat(sizing.combines(0)).isTrue();
  }

  @Test
  void contested_turnsWouldChangeNothing_beginsNoTrial() {
    Sizing sizing = measured(64, size -> 500 + 10_000L * size);
    sizing.contested(0);
    for (int size = 1; size <= 64; size *= 2) {
      learn(sizing, size, 4_000 + 500L * size, 64);
    }
    clock.addAndGet(Turns.MEASURE_NANOS);
    sizing.look();
    assertThat(sizing.combines(0)).isFalse();
    isContested(sizing);
    assertThat(sizing.combines(0)).isTrue();
  }

  @Test
  void combines_nothingSavedThoughContested_isFalse() {
    Sizing sizing = measured(64, size -> 500 + 10_000L * size);
    isContested(sizing);
    assertThat(sizing.combines(0)).isFalse();
  }

  @Test
  void combines_nothingButSingleRowsMeasured_whileContestedToFindOut() {
    Sizing sizing = Sizing.adaptive(64, HANDOFF, clock::get, () -> 0);
    for (int i = 0; i < 3; i++) {
      sizing.calibrate(0, 1, 500_000);
    }
    assertThat(sizing.combines(0)).isFalse();
    isContested(sizing);
    assertThat(sizing.combines(0)).isTrue();
    learn(sizing, 2, 1_200_000, 3);
    assertThat(sizing.combines(0)).as("two take longer than one after the other").isFalse();
  }

  @Test
  void leads_whereARowSavesMuch_isTrue() {
    assertThat(measured(4, size -> 400_000 + 100_000L * size).leads(0)).isTrue();
    assertThat(measured(4, size -> 100_000 + 100_000L * size).leads(0)).isFalse();
    assertThat(Sizing.adaptive(4, HANDOFF, clock::get, () -> 0).leads(0)).as("unknown").isFalse();
  }

  private static void learn(Sizing sizing, int size, long nanos, int times) {
    for (int i = 0; i < times; i++) {
      sizing.learn(0, size, nanos);
    }
  }

  @Test
  void rows_betweenTwoSizes_areCutOrFilledUpByWhatItCosts() {
    Sizing proportional = measured(8, size -> 100_000 + 50_000L * size);
    assertThat(proportional.rows(0, 5)).as("8 cost 500, 4 and 1 cost 450").isEqualTo(4);
    Sizing constant = measured(8, size -> 100_000 + size);
    assertThat(constant.rows(0, 5)).isEqualTo(5);
    assertThat(constant.size(5)).isEqualTo(8);
    assertThat(constant.rows(0, 100)).isEqualTo(8);
    assertThat(constant.rows(0, 1)).isEqualTo(1);
    assertThat(constant.size(1)).isEqualTo(1);
  }

  @Test
  void target_nothingKnown_isTheLimit() {
    Sizing sizing = Sizing.adaptive(50, HANDOFF, clock::get, () -> 0);
    assertThat(sizing.target(0)).isEqualTo(50);
    assertThat(sizing.rows(0, 70)).isEqualTo(50);
    assertThat(sizing.size(50)).isEqualTo(50);
    assertThat(sizing.nanosPerRow(0)).isZero();
    assertThat(sizing.predictedNanos(0, 1)).isNegative();
  }

  @Test
  void target_biggerSizeNotTriedYet_isTriedWhileTheLastOnePaid() {
    Sizing sizing = Sizing.adaptive(64, HANDOFF, clock::get, () -> 0);
    learn(sizing, 1, 100_000, 2);
    assertThat(sizing.target(0)).isEqualTo(2);
    learn(sizing, 2, 120_000, 2);
    assertThat(sizing.target(0)).isEqualTo(4);
    learn(sizing, 4, 300_000, 2);
    assertThat(sizing.target(0)).as("75 a row is worse than 60: not further").isEqualTo(2);
  }

  @Test
  void predicted_fewRuns_isTheBestAndThenWhatMostStayBelow() {
    Sizing sizing = Sizing.adaptive(64, HANDOFF, clock::get, () -> 0);
    for (int i = 15; i >= 1; i--) {
      sizing.learn(0, 4, i * 1_000_000L);
    }
    assertThat(sizing.predictedNanos(0, 4)).as("not sure yet").isEqualTo(2_000_000);
    sizing.learn(0, 4, 16_000_000);
    assertThat(sizing.predictedNanos(0, 4)).as("of 16 the 14th").isEqualTo(14_000_000);
    assertThat(sizing.predictedNanos(0, 3)).as("runs of 3 have size 4").isEqualTo(14_000_000);
    learn(sizing, 4, 3_000_000, 64);
    assertThat(sizing.predictedNanos(0, 4)).isEqualTo(3_000_000);
  }

  @Test
  void predicted_noRunForSeconds_isNotKnownAndLearntAnew() {
    Sizing sizing = Sizing.adaptive(64, HANDOFF, clock::get, () -> 0);
    learn(sizing, 4, 90_000_000, 32);
    clock.addAndGet(1_999_999_999L);
    assertThat(sizing.predictedNanos(0, 4)).isEqualTo(90_000_000);
    clock.addAndGet(1);
    assertThat(sizing.predictedNanos(0, 4)).isNegative();
    assertThat(sizing.leastNanos(0, 4)).as("the sizes are still known").isEqualTo(90_000_000);
    learn(sizing, 4, 5_000_000, 16);
    assertThat(sizing.predictedNanos(0, 4)).as("the old ones are forgotten").isEqualTo(5_000_000);
  }

  @Test
  void stoppedRuns_countOnlyWhereTheyShowThatRunsTakeLonger() {
    Sizing sizing = Sizing.adaptive(64, HANDOFF, clock::get, () -> 0);
    learn(sizing, 4, 5_000_000, 32);
    for (int i = 0; i < 32; i++) {
      sizing.learnStopped(0, 4, 1_000_000);
    }
    assertThat(sizing.predictedNanos(0, 4)).isEqualTo(5_000_000);
    for (int i = 0; i < 32; i++) {
      sizing.learnStopped(0, 4, 20_000_000);
    }
    assertThat(sizing.predictedNanos(0, 4)).isEqualTo(20_000_000);
  }

  @Test
  void least_ofASizeThatNeverRan_isTwiceThatOfHalfTheRows() {
    Sizing sizing = Sizing.adaptive(64, HANDOFF, clock::get, () -> 0);
    assertThat(sizing.leastNanos(0, 8)).isZero();
    learn(sizing, 2, 3_000_000, 2);
    assertThat(sizing.leastNanos(0, 8)).isEqualTo(12_000_000);
  }

  @Test
  void group_volumes_areAlikeWithinAFifth() {
    for (long volume = 1; volume < 5_000; volume++) {
      assertThat(Sizing.group(volume)).isGreaterThanOrEqualTo(Sizing.group(volume - 1));
      assertThat(Sizing.group(volume * 2)).isGreaterThan(Sizing.group(volume));
    }
    assertThat(Sizing.group(Long.MAX_VALUE)).isLessThan(Costs.GROUPS);
    assertThat(Sizing.group(0)).isPositive();
  }

  @Test
  void nanosPerRow_unknownGroup_isScaledByVolume() {
    Sizing sizing = Sizing.adaptive(64, HANDOFF, clock::get, () -> 0);
    int known = Sizing.group(16);
    sizing.calibrate(known, 1, 1_000_000);
    sizing.calibrate(known, 1, 1_000_000);
    sizing.calibrate(known, 2, 4_000_000);
    sizing.calibrate(known, 2, 4_000_000);
    assertThat(sizing.nanosPerRow(Sizing.group(64))).isEqualTo(4_000_000);
    assertThat(sizing.target(Sizing.group(64))).isEqualTo(1);
    assertThat(sizing.target(Sizing.group(4))).isEqualTo(4);
  }

  @Test
  void learn_manyThreadsAtOnce_alwaysFindsASize() throws Exception {
    Sizing sizing = Sizing.adaptive(16, HANDOFF, clock::get, () -> 0);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      SplittableRandom random = new SplittableRandom(t);
      Thread thread = new Thread(() -> learnAnything(sizing, random));
      thread.setUncaughtExceptionHandler((who, error) -> failure.set(error));
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failure.get()).isNull();
    assertThat(sizing.target(0)).isBetween(1, 16);
  }

  private static void learnAnything(Sizing sizing, SplittableRandom random) {
    for (int i = 0; i < 50_000; i++) {
      sizing.learn(0, 1 << random.nextInt(5), 1L << random.nextInt(40));
    }
  }
}
