package io.vivace.core.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.internal.schedule.Picker.Shed;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

/** One runner under more requests than it can serve, on a clock of the test's own. */
class OverloadTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;
  private static final long DEADLINE = 20 * MILLI;

  private long now;
  private long nextArrival;
  private final Line<Integer, String> line = new Line<>();
  private final Sizing sizing = Sizing.adaptive(32, 10_000, () -> now, () -> 0);
  private final Picker<Integer, String> picker = new Picker<>(line, sizing, 0);

  /** How many requests are answered in time. */
  private int serve(long until, long everyNanos, IntToLongFunction runNanos) {
    int inTime = 0;
    while (now < until) {
      for (; nextArrival <= now; nextArrival += everyNanos) {
        line.add(new Request<>(null, 0, 0, 0, nextArrival, nextArrival + DEADLINE, null, false));
      }
      List<Shed<Integer, String>> shed = new ArrayList<>();
      Batch<Integer, String> batch = picker.pick(now, null, Integer.MAX_VALUE, shed);
      if (batch.rows() == 0) {
        now = nextArrival;
        continue;
      }
      long took = runNanos.applyAsLong(batch.size());
      now += took;
      boolean stopped = batch.members().stream().allMatch(each -> each.deadlineNanos < now);
      if (stopped) {
        sizing.learnStopped(0, batch.size(), took);
      } else {
        sizing.learn(0, batch.size(), took);
      }
      inTime += (int) batch.members().stream().filter(each -> each.deadlineNanos >= now).count();
    }
    return inTime;
  }

  @Test
  void biggestRunTakesLongerThanTheDeadline_smallerOnesServe() {
    IntToLongFunction run = size -> MILLI + size * MILLI; // 32 rows take 33 ms, 8 take 9
    for (int size = 1; size <= 32; size *= 2) {
      for (int i = 0; i < 32; i++) {
        sizing.calibrate(0, size, run.applyAsLong(size));
      }
    }

    int first = serve(SECOND, MILLI / 2, run);
    int last = serve(60 * SECOND, MILLI / 2, run) / 59;

    assertThat(first).as("8 rows in 9 ms are 888 a second").isGreaterThan(750);
    assertThat(last).isGreaterThan(750);
  }

  @Test
  void biggestRunTakesLongerThanTheDeadline_nobodyIsTurnedAwayForIt() {
    for (int size = 1; size <= 32; size *= 2) {
      for (int i = 0; i < 32; i++) {
        sizing.calibrate(0, size, MILLI + size * MILLI);
      }
    }
    for (int i = 0; i < 40; i++) {
      line.add(new Request<>(null, i, 0, 0, i, i + DEADLINE, null, false));
    }
    now = 3 * MILLI;
    List<Shed<Integer, String>> shed = new ArrayList<>();

    Batch<Integer, String> batch = picker.pick(now, null, Integer.MAX_VALUE, shed);

    assertThat(shed).isEmpty();
    assertThat(batch.rows()).as("9 ms are less than half of 20").isEqualTo(8);
  }

  @Test
  void slowSpellHasPassed_requestsAreServedAgain() {
    IntToLongFunction fast = size -> MILLI;
    serve(SECOND, MILLI, fast);
    serve(4 * SECOND, MILLI, size -> 50 * MILLI);

    serve(7 * SECOND, MILLI, fast);

    assertThat(serve(8 * SECOND, MILLI, fast)).isGreaterThan(900);
  }

  @Test
  void nothingCanBeInTime_isTriedNowAndThenAndNotAllTheTime() {
    IntToLongFunction slow = size -> 30 * MILLI;
    assertThat(serve(10 * SECOND, MILLI, slow)).isZero();
    int[] runs = new int[1];
    serve(
        20 * SECOND,
        MILLI,
        size -> {
          runs[0]++;
          return 30 * MILLI;
        });

    assertThat(runs[0]).isBetween(1, 200);
  }

  @Test
  void shortRuns_moreWaitThanCanBeServed_areAnsweredWellBeforeTheDeadline() {
    IntToLongFunction run = size -> size * MILLI / 10;
    for (int size = 1; size <= 32; size *= 2) {
      for (int i = 0; i < 32; i++) {
        sizing.calibrate(0, size, run.applyAsLong(size));
      }
    }
    serve(SECOND, MILLI / 20, run); // twice what can be served
    List<Shed<Integer, String>> shed = new ArrayList<>();
    Batch<Integer, String> batch = picker.pick(now, null, Integer.MAX_VALUE, shed);
    assertThat(batch.members()).allMatch(each -> each.deadlineNanos - now > DEADLINE / 5);
  }

  @Test
  void shortRun_nobodyElseWaits_runsAtTheLastMoment() {
    for (int i = 0; i < 32; i++) {
      sizing.calibrate(0, 1, MILLI / 10);
    }
    line.add(new Request<>(null, 0, 0, 0, 0, DEADLINE, null, false));
    now = DEADLINE - MILLI;
    assertThat(picker.pick(now, null, Integer.MAX_VALUE, new ArrayList<>()).rows()).isOne();
  }
}
