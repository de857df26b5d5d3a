package io.vivace.evaluate;

import io.vivace.core.Outcome;
import io.vivace.evaluate.metric.Column;
import io.vivace.evaluate.metric.Metric;
import io.vivace.evaluate.split.Fold;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of one fold. Immutable.
 *
 * @param <O> the type of the answers
 */
public final class FoldResult<O> {
  private final Fold fold;
  private final @Nullable Answers<O> answers;
  private final @Nullable RuntimeException error;
  private final Map<Column, Double> values;
  private final Map<Column, Double> trainingValues;
  private final long fitNanos;
  private final long predictNanos;
  private final @Nullable String choice;

  FoldResult(
      Fold fold,
      @Nullable Answers<O> answers,
      @Nullable RuntimeException error,
      Map<Column, Double> values,
      Map<Column, Double> trainingValues,
      long fitNanos,
      long predictNanos,
      @Nullable String choice) {
    this.fold = fold;
    this.answers = answers;
    this.error = error;
    this.values = values;
    this.trainingValues = trainingValues;
    this.fitNanos = fitNanos;
    this.predictNanos = predictNanos;
    this.choice = choice;
  }

  static <O> FoldResult<O> failed(Fold fold, RuntimeException error, long nanos) {
    return new FoldResult<>(fold, null, error, Map.of(), Map.of(), nanos, 0, null);
  }

  /**
   * Returns which members were learnt from and judged.
   *
   * @return the fold
   */
  public Fold fold() {
    return fold;
  }

  /**
   * Returns the value of a metric over the judged part.
   *
   * @param metric one of the metrics
   * @return the value; NaN if it is undefined, or the fold failed
   */
  public double value(Metric<?> metric) {
    return value(Column.of(metric));
  }

  double value(Column column) {
    return values.getOrDefault(column, Double.NaN);
  }

  double trainingValue(Column column) {
    return trainingValues.getOrDefault(column, Double.NaN);
  }

  /**
   * Returns what was answered to the judged part.
   *
   * @return one outcome per index of {@code fold().test()}; empty if the fold failed
   */
  public List<Outcome<O>> outcomes() {
    return answers == null ? List.of() : answers.outcomes();
  }

  /**
   * Returns the judged examples that got no answer.
   *
   * @return with their indices in the whole data
   */
  public List<RowFailure> failures() {
    if (answers == null) {
      return List.of();
    }
    int[] test = fold.test();
    return answers.failures().stream()
        .map(failure -> new RowFailure(test[failure.row()], failure.error()))
        .toList();
  }

  /**
   * Returns why the fold failed.
   *
   * @return what was thrown while learning or predicting, if anything was
   */
  public Optional<RuntimeException> error() {
    return Optional.ofNullable(error);
  }

  /**
   * Returns how long learning took.
   *
   * @return nanoseconds
   */
  public long fitNanos() {
    return fitNanos;
  }

  /**
   * Returns how long the answers took.
   *
   * @return nanoseconds for all judged examples
   */
  public long predictNanos() {
    return predictNanos;
  }

  /**
   * Returns what an inner search chose in this fold.
   *
   * @return its description, if the cross-validation is nested
   */
  public Optional<String> choice() {
    return Optional.ofNullable(choice);
  }

  Answers<O> requireAnswers() {
    return Objects.requireNonNull(answers);
  }
}
