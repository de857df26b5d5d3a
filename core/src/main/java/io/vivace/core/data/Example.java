package io.vivace.core.data;

import java.util.Objects;

/**
 * One input and what is known to be right for it.
 *
 * @param input what a model sees
 * @param label the truth: a class, a number, or whatever an estimator learns from
 * @param <X> the type of the input
 * @param <Y> the type of the label
 */
public record Example<X, Y>(X input, Y label) {
  /**
   * Checks that nothing is null.
   *
   * @param input what a model sees
   * @param label the truth
   */
  public Example {
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(label, "label");
  }
}
