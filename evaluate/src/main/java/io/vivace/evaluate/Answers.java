package io.vivace.evaluate;

import io.vivace.core.InferenceException;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.data.Dataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** What a predictor answered to each row of a data set, and where it failed. */
final class Answers<O> {
  /** Rows are asked for in chunks, so that inputs made on demand are not all in memory at once. */
  private static final int CHUNK = 4_096;

  private final List<Outcome<O>> outcomes;
  private final List<RowFailure> failures;
  private final int[] answered;

  private Answers(List<Outcome<O>> outcomes, List<RowFailure> failures, int[] answered) {
    this.outcomes = outcomes;
    this.failures = failures;
    this.answered = answered;
  }

  static <X, O> Answers<O> of(
      Predictor<X, ? extends O> predictor, List<X> inputs, FailurePolicy policy) {
    List<Outcome<O>> outcomes = new ArrayList<>(inputs.size());
    for (int from = 0; from < inputs.size(); from += CHUNK) {
      int to = Math.min(inputs.size(), from + CHUNK);
      predictor.predictEach(inputs.subList(from, to)).forEach(each -> outcomes.add(widened(each)));
      if (outcomes.size() != to) {
        throw new IllegalStateException(
            String.format("the predictor gave %,d outcomes for %,d items", outcomes.size(), to));
      }
    }
    return of(outcomes, policy);
  }

  private static <O> Answers<O> of(List<Outcome<O>> outcomes, FailurePolicy policy) {
    List<RowFailure> failures = new ArrayList<>();
    int[] answered = new int[outcomes.size()];
    int count = 0;
    for (int row = 0; row < outcomes.size(); row++) {
      if (outcomes.get(row).isAnswered()) {
        answered[count++] = row;
      } else {
        InferenceException error = outcomes.get(row).error();
        if (policy == FailurePolicy.THROW) {
          throw error;
        }
        failures.add(new RowFailure(row, error));
      }
    }
    return new Answers<>(outcomes, List.copyOf(failures), Arrays.copyOf(answered, count));
  }

  @SuppressWarnings("unchecked") // an outcome is read-only
  private static <O> Outcome<O> widened(Outcome<? extends O> outcome) {
    return (Outcome<O>) outcome;
  }

  int size() {
    return outcomes.size();
  }

  List<Outcome<O>> outcomes() {
    return Collections.unmodifiableList(outcomes);
  }

  List<RowFailure> failures() {
    return failures;
  }

  /** The rows that have an answer, ascending. */
  int[] answered() {
    return answered.clone();
  }

  /** The answers of those rows. */
  List<O> values() {
    return outcomes.stream().filter(Outcome::isAnswered).map(Outcome::get).toList();
  }

  <Y> List<Y> truths(Dataset<?, Y> data) {
    return data.select(answered).labels();
  }
}
