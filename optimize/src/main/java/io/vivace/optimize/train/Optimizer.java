package io.vivace.optimize.train;

import java.util.Locale;

/**
 * How weights follow their gradients. Immutable: each option returns a changed copy.
 *
 * <p>The state of an optimizer, as the moments of Adam, belongs to the run of the trainer and is
 * part of its checkpoints.
 */
public final class Optimizer {
  private static final double USUAL_FIRST_BETA = 0.9;
  private static final double USUAL_SECOND_BETA = 0.999;
  private static final double USUAL_EPSILON = 1e-8;

  /** The rules there are. */
  enum Rule {
    SGD,
    ADAM,
    ADAM_W
  }

  private final Rule rule;
  private final double rate;
  private final double first;
  private final double second;
  private final double epsilon;
  private final double decay;
  private final Schedule schedule;

  private Optimizer(
      Rule rule,
      double rate,
      double first,
      double second,
      double epsilon,
      double decay,
      Schedule schedule) {
    this.rule = rule;
    this.rate = rate;
    this.first = first;
    this.second = second;
    this.epsilon = epsilon;
    this.decay = decay;
    this.schedule = schedule;
  }

  /**
   * Stochastic gradient descent: {@code w -= rate * g}.
   *
   * @param rate the learning rate, above 0
   * @return the optimizer
   * @throws IllegalArgumentException if the rate is not above 0
   */
  public static Optimizer sgd(double rate) {
    return momentum(rate, 0);
  }

  /**
   * Gradient descent with momentum: {@code v = momentum * v + g; w -= rate * v}, as PyTorch has it.
   *
   * @param rate the learning rate, above 0
   * @param momentum from 0 to below 1; usual is 0.9
   * @return the optimizer
   * @throws IllegalArgumentException if a number is out of range
   */
  public static Optimizer momentum(double rate, double momentum) {
    Numbers.requireAbove("rate", rate, 0);
    Numbers.requireFrom("momentum", momentum, 0, Math.nextDown(1.0));
    return new Optimizer(Rule.SGD, rate, momentum, 0, 0, 0, Schedule.constant());
  }

  /**
   * Adam (Kingma and Ba, 2015) with moments of 0.9 and 0.999 and an epsilon of 1e-8. Weight decay
   * is added to the gradient.
   *
   * @param rate the learning rate, above 0; usual is 0.001
   * @return the optimizer
   * @throws IllegalArgumentException if the rate is not above 0
   */
  public static Optimizer adam(double rate) {
    return adaptive(Rule.ADAM, rate, 0);
  }

  /**
   * AdamW (Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019): Adam whose weight
   * decay takes {@code rate * decay * w} from each weight.
   *
   * @param rate the learning rate, above 0
   * @param decay at least 0; usual is 0.01
   * @return the optimizer
   * @throws IllegalArgumentException if a number is out of range
   */
  public static Optimizer adamW(double rate, double decay) {
    return adaptive(Rule.ADAM_W, rate, decay);
  }

  private static Optimizer adaptive(Rule rule, double rate, double decay) {
    Numbers.requireAbove("rate", rate, 0);
    return new Optimizer(
            rule, rate, USUAL_FIRST_BETA, USUAL_SECOND_BETA, USUAL_EPSILON, 0, Schedule.constant())
        .weightDecay(decay);
  }

  /**
   * Pulls weights towards 0.
   *
   * @param strength at least 0; default 0, except for {@link #adamW}
   * @return a changed copy
   * @throws IllegalArgumentException if it is below 0
   */
  public Optimizer weightDecay(double strength) {
    Numbers.requireFrom("weight decay", strength, 0, Double.MAX_VALUE);
    return new Optimizer(rule, rate, first, second, epsilon, strength, schedule);
  }

  /**
   * Sets how slowly Adam's moments follow. Other optimizers have none.
   *
   * @param mean from 0 to below 1; default 0.9
   * @param square from 0 to below 1; default 0.999
   * @return a changed copy
   * @throws IllegalArgumentException if a number is out of range or this is not Adam
   */
  public Optimizer betas(double mean, double square) {
    Numbers.requireFrom("mean", mean, 0, Math.nextDown(1.0));
    Numbers.requireFrom("square", square, 0, Math.nextDown(1.0));
    if (rule == Rule.SGD) {
      throw new IllegalArgumentException("gradient descent has no betas: use momentum(rate, m)");
    }
    return new Optimizer(rule, rate, mean, square, epsilon, decay, schedule);
  }

  /**
   * Sets how the learning rate changes.
   *
   * @param change the schedule; default: {@link Schedule#constant()}
   * @return a changed copy
   */
  public Optimizer schedule(Schedule change) {
    return new Optimizer(rule, rate, first, second, epsilon, decay, change);
  }

  Rule rule() {
    return rule;
  }

  double rate(double epoch, double epochs) {
    return rate * schedule.factor(epoch, epochs);
  }

  double first() {
    return first;
  }

  double second() {
    return second;
  }

  double epsilon() {
    return epsilon;
  }

  double decay() {
    return decay;
  }

  /** How many arrays of state each weight has. */
  int slots() {
    return rule != Rule.SGD ? 2 : first > 0 ? 1 : 0;
  }

  /**
   * Returns the options, without the schedule.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%s[rate=%s, %s, %s, decay=%s]", rule, rate, first, second, decay);
  }
}
