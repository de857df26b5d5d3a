package io.vivace.evaluate;

import io.vivace.core.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What was answered to each example by models that had not learnt from it. Immutable.
 *
 * @param <O> the type of the answers
 */
public final class OutOfFold<O> {
  private final List<List<O>> answers;

  private OutOfFold(List<List<O>> answers) {
    this.answers = answers;
  }

  static <O> OutOfFold<O> of(int size, List<FoldResult<O>> folds) {
    List<List<O>> answers = new ArrayList<>(Collections.nCopies(size, List.of()));
    for (FoldResult<O> fold : folds) {
      int[] test = fold.fold().test();
      List<Outcome<O>> outcomes = fold.outcomes();
      for (int i = 0; i < outcomes.size(); i++) {
        if (outcomes.get(i).isAnswered()) {
          List<O> longer = new ArrayList<>(answers.get(test[i]));
          longer.add(outcomes.get(i).get());
          answers.set(test[i], List.copyOf(longer));
        }
      }
    }
    return new OutOfFold<>(List.copyOf(answers));
  }

  /**
   * Returns the number of examples.
   *
   * @return the size of the data
   */
  public int size() {
    return answers.size();
  }

  /**
   * Returns what was answered to an example, once for each fold that judged it.
   *
   * @param row the index of the example
   * @return in the order of the folds; empty if none did, or all failed
   */
  public List<O> answers(int row) {
    return answers.get(row);
  }

  /**
   * Returns what was answered to an example by the first fold that judged it.
   *
   * @param row the index of the example
   * @return the answer, if there is one
   */
  public Optional<O> answer(int row) {
    return answers.get(row).stream().findFirst();
  }

  /**
   * Returns the examples that have an answer.
   *
   * @return ascending indices
   */
  public int[] rows() {
    return IntStream.range(0, size()).filter(row -> !answers.get(row).isEmpty()).toArray();
  }

  /**
   * Tells whether every example has an answer.
   *
   * @return false in a time series, after failures, or if draws left some out
   */
  public boolean isComplete() {
    return answers.stream().noneMatch(List::isEmpty);
  }
}
