package io.vivace.core.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class AttendanceTest {
  private static final long MICRO = 1_000;

  private long now = 1_000_000_000;
  private final Sizing sizing = Sizing.adaptive(16, 10_000, () -> now, () -> 0);
  private final Attendance<String, String> attendance = new Attendance<>(sizing, now);

  /** Runs of 16 rows pay best. */
  private void runsTake(long nanos) {
    for (int size = 1; size <= 16; size *= 2) {
      for (int i = 0; i < 3; i++) {
        sizing.calibrate(0, size, nanos);
      }
    }
  }

  private Batch<String, String> batch(boolean blocking) {
    Line<String, String> line = new Line<>();
    Thread waiter = blocking ? Thread.currentThread() : null;
    line.add(new Request<>(null, "", 0, 0, now, Request.NO_DEADLINE, waiter, false));
    return new Picker<>(line, sizing, 0).pick(now, null, 16, new ArrayList<>());
  }

  @Test
  void covers_whileAShortRunIsUnderWay_untilItHasEnded() {
    runsTake(20 * MICRO);
    assertThat(attendance.covers(1, now)).isFalse();

    assertThat(attendance.begin(batch(false), now)).isTrue();
    assertThat(attendance.covers(1, now)).isTrue();

    attendance.end();
    assertThat(attendance.covers(1, now)).isFalse();
  }

  @Test
  void covers_moreWaitThanTwoFullRuns_isFalse() {
    runsTake(20 * MICRO);
    attendance.begin(batch(false), now);

    assertThat(attendance.covers(31, now)).isTrue();
    assertThat(attendance.covers(32, now)).isFalse();
  }

  @Test
  void covers_workerDidNotComeBack_isFalseAfterAFifthOfAMillisecond() {
    runsTake(20 * MICRO);
    attendance.begin(batch(false), now);

    assertThat(attendance.covers(1, now + 199 * MICRO)).isTrue();
    assertThat(attendance.covers(1, now + 200 * MICRO)).isFalse();
  }

  @Test
  void begin_longRun_coversNothing() {
    runsTake(50 * MICRO);

    assertThat(attendance.begin(batch(false), now)).isFalse();
    assertThat(attendance.covers(1, now)).isFalse();
    assertThat(attendance.isBrisk(now)).isFalse();
  }

  @Test
  void begin_callersThatWait_coversNothing() {
    runsTake(20 * MICRO);

    assertThat(attendance.begin(batch(true), now)).isFalse();
    assertThat(attendance.covers(1, now)).isFalse();
  }

  @Test
  void begin_nothingPicked_coversNothing() {
    Batch<String, String> empty =
        new Picker<>(new Line<String, String>(), sizing, 0).pick(now, null, 16, new ArrayList<>());

    assertThat(attendance.begin(empty, now)).isFalse();
  }

  @Test
  void covers_rowsRunAlone_isFalse() {
    Sizing alone = Sizing.fixed(1, () -> now);
    Attendance<String, String> each = new Attendance<>(alone, now);

    assertThat(each.begin(batch(false), now)).isTrue();
    assertThat(each.covers(1, now)).as("a second worker runs the next row beside it").isFalse();
  }

  @Test
  void isBrisk_onlyForTenMillisecondsAfterAShortRun() {
    runsTake(20 * MICRO);
    assertThat(attendance.isBrisk(now)).as("before any run").isFalse();
    attendance.begin(batch(false), now);

    assertThat(attendance.isBrisk(now + 9_999 * MICRO)).isTrue();
    assertThat(attendance.isBrisk(now + 10_000 * MICRO)).isFalse();
  }

  @Test
  void hasLeft_noRunForHalfAMillisecond_isTrue() {
    runsTake(20 * MICRO);
    attendance.begin(batch(false), now);

    assertThat(attendance.hasLeft(now + 499 * MICRO)).isFalse();
    assertThat(attendance.hasLeft(now + 500 * MICRO)).isTrue();
  }
}
