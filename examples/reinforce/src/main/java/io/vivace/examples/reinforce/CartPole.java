package io.vivace.examples.reinforce;

import java.util.random.RandomGenerator;

/**
 * A pole that stands on a cart, and falls unless the cart is pushed to and fro (Barto, Sutton and
 * Anderson, "Neuronlike Adaptive Elements That Can Solve Difficult Learning Control Problems",
 * 1983, without its friction). Immutable; a step of 0.02 s is one of Euler's method.
 *
 * @param x where the cart is, in m from the middle of the track
 * @param speed in m/s
 * @param angle of the pole, in rad from upright, clockwise
 * @param turn how fast the angle changes, in rad/s
 * @param steps how many steps there have been
 */
record CartPole(double x, double speed, double angle, double turn, int steps) {
  /** An episode ends well after so many steps. */
  static final int LONGEST = 500;

  private static final double TIME = 0.02;
  private static final double GRAVITY = 9.8;
  private static final double POLE_MASS = 0.1;
  private static final double MASS = 1.0 + POLE_MASS;
  private static final double HALF_LENGTH = 0.5;
  private static final double FORCE = 10;
  private static final double FARTHEST = 2.4;
  private static final double STEEPEST = Math.toRadians(12);
  private static final double LARGEST_START = 0.05;

  /** A cart near the middle, with a pole that is nearly upright. */
  static CartPole start(RandomGenerator random) {
    return new CartPole(small(random), small(random), small(random), small(random), 0);
  }

  private static double small(RandomGenerator random) {
    return random.nextDouble(-LARGEST_START, LARGEST_START);
  }

  /** Pushes the cart to the left (0) or to the right (1). */
  CartPole push(int action) {
    double sine = Math.sin(angle);
    double cosine = Math.cos(angle);
    double force = action == 1 ? FORCE : -FORCE;
    double leverage = POLE_MASS * HALF_LENGTH;
    double pushed = (force + leverage * turn * turn * sine) / MASS;
    double turning =
        (GRAVITY * sine - cosine * pushed)
            / (HALF_LENGTH * (4.0 / 3 - POLE_MASS * cosine * cosine / MASS));
    double moving = pushed - leverage * turning * cosine / MASS;
    return new CartPole(
        x + TIME * speed,
        speed + TIME * moving,
        angle + TIME * turn,
        turn + TIME * turning,
        steps + 1);
  }

  /** Whether the pole fell, the cart left the track, or the time is up. */
  boolean isOver() {
    return hasFailed() || steps >= LONGEST;
  }

  boolean hasFailed() {
    return Math.abs(x) > FARTHEST || Math.abs(angle) > STEEPEST;
  }

  /** What the network sees. */
  float[] observation() {
    return new float[] {(float) x, (float) speed, (float) angle, (float) turn};
  }
}
