package io.vivace.core.codec;

import java.util.List;

/**
 * The labels that a model holds most probable.
 *
 * @param ranked at least one, the most probable first; of equal ones the lower index first
 */
public record Classification(List<Prediction> ranked) {
  /**
   * Copies the list and checks that it is not empty.
   *
   * @param ranked at least one, the most probable first; of equal ones the lower index first
   */
  public Classification {
    ranked = List.copyOf(ranked);
    if (ranked.isEmpty()) {
      throw new IllegalArgumentException("a classification has at least one label");
    }
  }

  /**
   * Returns the most probable label with its probability.
   *
   * @return the first of {@link #ranked()}
   */
  public Prediction top() {
    return ranked.get(0);
  }

  /**
   * Returns the most probable label.
   *
   * @return the label of {@link #top()}
   */
  public String label() {
    return top().label();
  }

  /** Returns the labels with their probabilities, rounded to four digits. */
  @Override
  public String toString() {
    return ranked.toString();
  }
}
