package io.vivace.core.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

/** Callers of two slots, on a clock of the test's own. */
class CrowdTest {
  private static final long MILLI = 1_000_000;

  private long now = MILLI;
  private final SlotPool<Object> slots = new SlotPool<>(2, Object::new);
  private final Line<String, String> line = new Line<>();
  private final Sizing sizing = Sizing.adaptive(16, 10_000, () -> now, () -> 0);
  private final Crowd<String, String> crowd = new Crowd<>(slots, line, sizing);
  private final Picker<String, String> picker = new Picker<>(line, sizing, 0);

  private void takes(IntToLongFunction nanos) {
    for (int size = 1; size <= 16; size *= 2) {
      for (int i = 0; i < 3; i++) {
        sizing.calibrate(0, size, nanos.applyAsLong(size));
      }
    }
  }

  /** A trial with nothing to compare with: running together is kept. */
  private void isContested() {
    sizing.contested(0);
    now += Turns.MEASURE_NANOS;
    sizing.look();
  }

  private void batchesPay() {
    takes(size -> 2 * MILLI + size * MILLI);
  }

  private void comes() {
    var unused = caller(Request.NO_DEADLINE);
  }

  private Request<String, String> caller(long deadline) {
    boolean mayLead = deadline == Request.NO_DEADLINE;
    Request<String, String> request =
        new Request<>(null, "", 0, 0, now, deadline, Thread.currentThread(), mayLead);
    line.add(request);
    crowd.came(0);
    return request;
  }

  private Batch<String, String> runs(int rows) {
    assertThat(slots.reserve()).isTrue();
    Batch<String, String> batch = picker.pick(now, null, rows, new ArrayList<>());
    crowd.picked(batch);
    return batch;
  }

  private void ends(Batch<String, String> batch) {
    crowd.ended(batch);
    slots.unreserve();
  }

  /** So many callers, all of whom run now. */
  private List<Batch<String, String>> callers(int count) {
    for (int i = 0; i < count; i++) {
      comes();
    }
    return List.of(runs((count + 1) / 2), runs(count / 2));
  }

  @Test
  void isThere_noMoreCallersThanSlots_isFalse() {
    batchesPay();
    comes();
    comes();
    assertThat(crowd.isThere()).isFalse();
    comes();
    assertThat(crowd.isThere()).isTrue();
  }

  @Test
  void share_manyCallers_isTheSameForAllSlotsAndNotAboveTheSizeAimedAt() {
    batchesPay();
    callers(10);
    assertThat(crowd.share(0)).isEqualTo(5);
    takes(size -> size == 4 ? MILLI / 2 : size * MILLI);
    assertThat(sizing.aim(0)).isEqualTo(4);
    assertThat(crowd.share(0)).isEqualTo(4);
  }

  @Test
  void isAwaited_oneOfTwoHasComeBack_forAPartOfWhatIsSaved() {
    batchesPay();
    ends(callers(4).get(0));
    Request<String, String> first = caller(Request.NO_DEADLINE);
    assertThat(crowd.isAwaited(now)).isTrue();
    assertThat(first.windowEnd).as("3 + 3 - 4 ms saved").isEqualTo(now + 2 * MILLI / 8);
    assertThat(first.waitsForOthers()).isTrue();
    assertThat(crowd.isAwaited(first.windowEnd - 1)).isTrue();
    assertThat(crowd.isAwaited(first.windowEnd)).isFalse();
  }

  @Test
  void isAwaited_theWindowIsOver_isNotOpenedAgain() {
    batchesPay();
    ends(callers(4).get(0));
    Request<String, String> first = caller(Request.NO_DEADLINE);
    assertThat(crowd.isAwaited(now)).isTrue();
    now = first.windowEnd;
    crowd.timeOver(first);
    assertThat(crowd.isAwaited(now)).isFalse();
    assertThat(first.waitsForOthers()).isFalse();
  }

  @Test
  void isThere_runsTogetherDoNotPay_isFalse() {
    takes(size -> size * MILLI);
    callers(10);
    assertThat(crowd.isThere()).isFalse();
  }

  @Test
  void most_crowd_isSharedOutUnlessRunsAreShort() {
    batchesPay();
    assertThat(crowd.most(0)).as("nobody there").isEqualTo(Integer.MAX_VALUE);
    callers(10);
    assertThat(crowd.most(0)).isEqualTo(crowd.share(0)).isEqualTo(5);
  }

  @Test
  void most_shortRuns_isNoLimit() {
    takes(size -> 20_000 + size * 1_000);
    isContested();
    callers(10);
    assertThat(crowd.isThere()).isTrue();
    assertThat(crowd.most(0)).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void contested_fewCallersForLong_isOver() {
    takes(size -> 9_000 + size * 1_000);
    isContested();
    callers(10).forEach(this::ends);
    assertThat(sizing.combines(0)).isTrue();
    for (int i = 0; i < 1_100; i++) {
      comes();
      ends(runs(1));
    }
    assertThat(sizing.combines(0)).isFalse();
  }

  @Test
  void contested_aRunIsPicked_takesTheStepThatIsDue() {
    takes(size -> 9_000 + size * 1_000);
    line.add(
        new Request<>(null, "", 0, 0, now, Request.NO_DEADLINE, Thread.currentThread(), false));
    sizing.contested(0);
    now += Turns.MEASURE_NANOS;
    assertThat(sizing.combines(0)).isFalse();
    ends(runs(1));
    assertThat(sizing.combines(0)).isTrue();
  }

  @Test
  void contested_aCallerComes_takesTheStepThatIsDue() {
    takes(size -> 9_000 + size * 1_000);
    sizing.contested(0);
    now += Turns.MEASURE_NANOS;
    comes();
    assertThat(sizing.combines(0)).isTrue();
  }

  @Test
  void isAwaited_bothHaveComeBack_isFalse() {
    batchesPay();
    ends(callers(4).get(0));
    comes();
    comes();
    assertThat(crowd.isAwaited(now)).isFalse();
  }

  @Test
  void isAwaited_allOthersAreRunning_isFalse() {
    batchesPay();
    List<Batch<String, String>> running = callers(5); // 3 and 2
    ends(running.get(1));
    comes();
    assertThat(crowd.isAwaited(now)).as("one more is to come").isTrue();
    comes();
    assertThat(crowd.share(0)).isEqualTo(3);
    assertThat(crowd.isAwaited(now)).as("a third cannot come").isFalse();
  }

  @Test
  void isAwaited_littleToSave_isFalse() {
    takes(size -> 300_000 + size * MILLI);
    ends(callers(4).get(0));
    comes();
    assertThat(sizing.combines(0)).isTrue();
    assertThat(crowd.isAwaited(now)).isFalse();
  }

  @Test
  void isAwaited_somebodyHasADeadline_isFalse() {
    batchesPay();
    ends(callers(4).get(0));
    comes();
    var unused = caller(now + MILLI);
    assertThat(crowd.isAwaited(now)).isFalse();
  }

  @Test
  void timeOver_inVainAgainAndAgain_endsWaitingForAWhile() {
    batchesPay();
    List<Batch<String, String>> running = new ArrayList<>(callers(4));
    for (int i = 0; i < 4; i++) {
      assertThat(crowd.isThere()).isTrue();
      ends(running.remove(0));
      Request<String, String> alone = caller(Request.NO_DEADLINE);
      assertThat(crowd.isAwaited(now)).isTrue();
      now = alone.windowEnd;
      crowd.timeOver(alone);
      running.add(0, runs(1));
    }
    assertThat(crowd.isThere()).isFalse();
    ends(running.get(0));
    for (int i = 1; i < 64; i++) {
      comes();
      assertThat(crowd.isThere()).isFalse();
    }
    comes();
    assertThat(crowd.isThere()).isTrue();
  }

  @Test
  void isThere_callersHaveLeft_isForgottenAfterEightRuns() {
    batchesPay();
    callers(4).forEach(this::ends);
    for (int run = 0; run < 8; run++) {
      assertThat(crowd.isThere()).isTrue();
      comes();
      ends(runs(1));
    }
    assertThat(crowd.isThere()).isFalse();
  }
}
