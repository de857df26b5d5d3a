package io.vivace.examples.reinforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * The expected states were computed with numpy, which solved the two equations of motion for both
 * accelerations as a linear system.
 */
class CartPoleTest {
  private static final Offset<Double> CLOSE = within(1e-12);

  private static CartPole pushed(CartPole start, String actions) {
    CartPole cart = start;
    for (int i = 0; i < actions.length() && !cart.isOver(); i++) {
      cart = cart.push(actions.charAt(i) - '0');
    }
    return cart;
  }

  private static void assertState(
      CartPole cart, int steps, double x, double speed, double angle, double turn) {
    assertThat(cart.steps()).isEqualTo(steps);
    assertThat(cart.x()).isCloseTo(x, CLOSE);
    assertThat(cart.speed()).isCloseTo(speed, CLOSE);
    assertThat(cart.angle()).isCloseTo(angle, CLOSE);
    assertThat(cart.turn()).isCloseTo(turn, CLOSE);
  }

  @Test
  void push_followsTheEquationsOfMotion() {
    assertState(
        pushed(new CartPole(0, 0, 0, 0, 0), "1"), 1, 0, 0.1951219512195122, 0, -0.2926829268292683);
    assertState(
        pushed(new CartPole(0.01, -0.02, 0.03, 0.04, 0), "10110"),
        5,
        0.02352555866347568,
        0.17316263692575581,
        0.01243308782215031,
        -0.2095015286811473);
  }

  @Test
  void push_untilThePoleFalls() {
    CartPole left = pushed(new CartPole(1.5, 2.0, -0.15, -1.2, 0), "0010111");
    assertState(
        left, 4, 1.644673635329389, 1.6200235582326417, -0.22907043313263514, -0.8502027594052481);
    assertThat(left.hasFailed()).isTrue();
    CartPole right = pushed(new CartPole(-0.5, -1, 0.2, 0.9, 0), "1".repeat(12));
    assertState(right, 1, -0.52, -0.8080677686746447, 0.218, 0.6762492355550361);
  }

  @Test
  void episode_endsAtTheEdgeOfTheTrack_orWhenTheTimeIsUp() {
    assertThat(new CartPole(2.41, 0, 0, 0, 3).hasFailed()).isTrue();
    assertThat(new CartPole(-2.4, 0, 0, 0, 3).isOver()).isFalse();
    assertThat(new CartPole(0, 0, Math.toRadians(12.01), 0, 3).isOver()).isTrue();
    CartPole late = new CartPole(0, 0, 0, 0, 500);
    assertThat(late.isOver()).isTrue();
    assertThat(late.hasFailed()).isFalse();
  }

  @Test
  void start_isNearTheMiddle() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200; i++) {
      for (float value : CartPole.start(random).observation()) {
        assertThat(value).isBetween(-0.05f, 0.05f);
      }
    }
  }
}
