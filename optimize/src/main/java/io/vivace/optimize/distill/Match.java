package io.vivace.optimize.distill;

import java.util.Optional;

/**
 * One comparison of the student with a teacher: which value of the student, by which loss, and what
 * it counts. Immutable: each option returns a changed copy.
 */
public final class Match {
  private final Optional<String> value;
  private final ValueLoss loss;
  private final double weight;
  private final boolean projected;
  private final Optional<String> mask;

  private Match(
      Optional<String> value,
      ValueLoss loss,
      double weight,
      boolean projected,
      Optional<String> mask) {
    this.value = value;
    this.loss = loss;
    this.weight = weight;
    this.projected = projected;
    this.mask = mask;
  }

  /**
   * Takes a value inside the student.
   *
   * @param value the name of a tensor of an ONNX graph, or of a part of a DJL block: {@code
   *     02Activation}, {@code 01SequentialBlock/02Linear}
   * @param loss how it is compared
   * @return the match, with a weight of 1
   */
  public static Match of(String value, ValueLoss loss) {
    return new Match(Optional.of(value), loss, 1, false, Optional.empty());
  }

  /**
   * Takes the student's first output.
   *
   * @param loss how it is compared
   * @return the match, with a weight of 1
   */
  public static Match output(ValueLoss loss) {
    return new Match(Optional.empty(), loss, 1, false, Optional.empty());
  }

  /**
   * Sets what this comparison counts beside the other losses.
   *
   * @param factor at least 0; default 1
   * @return a changed copy
   * @throws IllegalArgumentException if it is below 0 or not finite
   */
  public Match weight(double factor) {
    Distillation.require("the weight of a match", factor, 0);
    return new Match(value, loss, factor, projected, mask);
  }

  /**
   * Lets a linear map without a bias bring the student's value to the teacher's width: along axis 1
   * of a value of four axes, a 1x1 convolution, otherwise along the last axis. It is learnt with
   * the student and dropped afterwards (Romero et al., FitNets, 2015). Default: none, and the loss
   * says which widths it takes.
   *
   * @return a changed copy
   */
  public Match projected() {
    return new Match(value, loss, weight, true, mask);
  }

  /**
   * Averages the student's value {@code [batch, tokens, width]} over the tokens that an input of
   * the student masks with 1, so that it is a sentence's embedding.
   *
   * @param input the name of the input {@code [batch, tokens]}, as {@code attention_mask}
   * @return a changed copy
   */
  public Match averagedOver(String input) {
    return new Match(value, loss, weight, projected, Optional.of(input));
  }

  Optional<String> value() {
    return value;
  }

  ValueLoss loss() {
    return loss;
  }

  double weight() {
    return weight;
  }

  boolean isProjected() {
    return projected;
  }

  Optional<String> mask() {
    return mask;
  }

  /**
   * Returns which value, and what it counts.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return "Match[%s, weight=%s]".formatted(value.orElse("output"), weight);
  }
}
