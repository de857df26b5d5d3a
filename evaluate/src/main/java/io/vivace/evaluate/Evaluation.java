package io.vivace.evaluate;

import io.vivace.core.Provenance;
import io.vivace.evaluate.metric.Batch;
import io.vivace.evaluate.metric.Column;
import io.vivace.evaluate.metric.Interval;
import io.vivace.evaluate.metric.Metric;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one model is worth on one data set: a value and an interval per metric, the failures, and
 * the truths and answers of every row, from which paired tests are made. Immutable and thread-safe.
 */
public final class Evaluation {
  private final String name;
  private final int examples;
  private final int[] rows;
  private final List<RowFailure> failures;
  private final Batches batches;
  private final Map<Column, Figure> figures;
  private final Provenance provenance;

  Evaluation(
      String name,
      Answers<?> answers,
      Batches batches,
      Map<Column, Figure> figures,
      Provenance provenance) {
    this.name = name;
    this.examples = answers.size();
    this.rows = answers.answered();
    this.failures = answers.failures();
    this.batches = batches;
    this.figures = figures;
    this.provenance = provenance;
  }

  /**
   * Returns whose evaluation it is.
   *
   * @return the name of the candidate
   */
  public String name() {
    return name;
  }

  /**
   * Returns the value of a metric over the rows that got an answer.
   *
   * @param metric one of those evaluated
   * @return the value; NaN where it is undefined, or no row got an answer
   * @throws IllegalArgumentException if the metric was not evaluated
   */
  public double value(Metric<?> metric) {
    return figure(metric).value();
  }

  /**
   * Returns where the true value of a metric lies.
   *
   * @param metric one of those evaluated
   * @return the interval, undefined where there is none
   * @throws IllegalArgumentException if the metric was not evaluated
   */
  public Interval interval(Metric<?> metric) {
    return figure(metric).interval();
  }

  private Figure figure(Metric<?> metric) {
    Figure figure = figures.get(Column.of(metric));
    if (figure == null) {
      throw new IllegalArgumentException(
          metric.identity() + " was not evaluated, but " + figures.keySet());
    }
    return figure;
  }

  /**
   * Returns how many examples the data has.
   *
   * @return at least 1
   */
  public int examples() {
    return examples;
  }

  /**
   * Returns the rows that got an answer.
   *
   * @return ascending indices of the data; a copy
   */
  public int[] rows() {
    return rows.clone();
  }

  /**
   * Returns the rows that got none.
   *
   * @return ascending by row; empty if there is none
   */
  public List<RowFailure> failures() {
    return failures;
  }

  /**
   * Returns the truths and answers of {@link #rows()}, as the metrics saw them.
   *
   * @param batchType what one of the evaluated metrics sees
   * @param <B> what one of the evaluated metrics sees
   * @return the batch, if a metric sees such and a row got an answer
   */
  public <B extends Batch> Optional<B> batch(Class<B> batchType) {
    return Optional.ofNullable(batches.get(batchType));
  }

  /**
   * Returns what made this.
   *
   * @return data, model, seed, settings, versions, machine and time
   */
  public Provenance provenance() {
    return provenance;
  }

  Map<Column, Figure> figures() {
    return figures;
  }

  Batches batches() {
    return batches;
  }

  @Override
  public String toString() {
    return "Evaluation[" + name + ", " + examples + " examples, " + failures.size() + " failed]";
  }
}
