package io.vivace.optimize.distill;

import io.vivace.core.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * What a student is told of one example.
 *
 * @param label the truth, where it is known
 * @param answers the answer of each teacher of scores: before the softmax, one per class
 * @param values for each match the teacher's value, without the batch axis
 * @param <Y> the type of the labels
 */
public record Lesson<Y>(Optional<Y> label, List<float[]> answers, List<Tensor> values) {
  /**
   * Copies the lists.
   *
   * @param label the truth, where it is known
   * @param answers the answer of each teacher of scores
   * @param values for each match the teacher's value
   * @throws IllegalArgumentException if there is neither a label, an answer nor a value
   */
  public Lesson {
    answers = List.copyOf(answers);
    values = List.copyOf(values);
    if (label.isEmpty() && answers.isEmpty() && values.isEmpty()) {
      throw new IllegalArgumentException(
          "a lesson has the answer of at least one teacher, a value, or a label");
    }
  }

  /**
   * Takes scores alone.
   *
   * @param label the truth, where it is known
   * @param answers the answer of each teacher
   * @throws IllegalArgumentException if there is neither a label nor an answer
   */
  public Lesson(Optional<Y> label, List<float[]> answers) {
    this(label, answers, List.of());
  }
}
