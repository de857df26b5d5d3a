package io.vivace.optimize.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SparsityScheduleTest {
  @Test
  void cubic_risesFastAndEndsAtTheTarget() {
    SparsitySchedule ramp = SparsitySchedule.cubic(0.8, 100, 300);

    assertThat(ramp.at(99)).isZero();
    assertThat(ramp.at(100)).isZero();
    assertThat(ramp.at(200)).isCloseTo(0.8 * (1 - 0.125), within(1e-12));
    assertThat(ramp.at(300)).isEqualTo(0.8);
    assertThat(ramp.at(9999)).isEqualTo(0.8);
  }

  @Test
  void isDue_atTheFirstThenEveryHundredAndAtTheLast() {
    SparsitySchedule ramp = SparsitySchedule.cubic(0.8, 100, 350);

    assertThat(LongStream.range(0, 1000).filter(ramp::isDue))
        .containsExactly(100L, 200L, 300L, 350L);
  }

  @Test
  void constant_isThereFromItsStepOn() {
    SparsitySchedule half = SparsitySchedule.constant(0.5, 10);

    assertThat(half.at(9)).isZero();
    assertThat(half.at(10)).isEqualTo(0.5);
    assertThat(LongStream.range(0, 1000).filter(half::isDue)).containsExactly(10L);
  }

  @Test
  void badValues_areNamed() {
    assertThatThrownBy(() -> SparsitySchedule.constant(1.5, 0))
        .hasMessage("initial must be from 0 to 1, but was 1.5");
    assertThatThrownBy(() -> SparsitySchedule.cubic(0.5, 10, 9))
        .hasMessage("last must be not before the first, which is 10, but was 9");
    assertThatThrownBy(() -> new SparsitySchedule(0, 0.5, 0, 1, Double.NaN, 1))
        .hasMessage("power must be above 0, but was NaN");
  }
}
