package io.vivace.optimize.distill;

import java.util.List;
import java.util.Optional;

/**
 * What a student is told of one example.
 *
 * @param label the truth, where it is known
 * @param answers the answer of each teacher: scores before the softmax, one per class
 * @param <Y> the type of the labels
 */
public record Lesson<Y>(Optional<Y> label, List<float[]> answers) {
  /**
   * Copies the list.
   *
   * @param label the truth, where it is known
   * @param answers the answer of each teacher, at least one
   * @throws IllegalArgumentException if there is no answer
   */
  public Lesson {
    answers = List.copyOf(answers);
    if (answers.isEmpty()) {
      throw new IllegalArgumentException("a lesson has the answer of at least one teacher");
    }
  }
}
