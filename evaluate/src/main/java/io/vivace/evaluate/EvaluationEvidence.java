package io.vivace.evaluate;

import io.vivace.evaluate.metric.Column;
import io.vivace.evaluate.metric.Metric;
import java.util.Arrays;
import java.util.Map;

/**
 * An evaluation as the row of a table: compared over the rows that both have answered.
 *
 * @param evaluation the evaluation
 * @param bootstrap how it is compared
 */
record EvaluationEvidence(Evaluation evaluation, RowBootstrap bootstrap) implements Evidence {
  @Override
  public Map<Column, Figure> figures() {
    return evaluation.figures();
  }

  @Override
  public int examples() {
    return evaluation.examples();
  }

  @Override
  public int failures() {
    return evaluation.failures().size();
  }

  @Override
  public Comparison compare(Metric<?> metric, Evidence other) {
    Evaluation that = ((EvaluationEvidence) other).evaluation;
    int[] mine = evaluation.rows();
    int[] theirs = that.rows();
    int[] both = Arrays.stream(mine).filter(row -> Arrays.binarySearch(theirs, row) >= 0).toArray();
    return bootstrap.compare(
        metric, shared(evaluation, mine, both), shared(that, theirs, both), both);
  }

  /** The batches over the rows that both have. */
  private static Batches shared(Evaluation evaluation, int[] rows, int[] both) {
    if (both.length == rows.length) {
      return evaluation.batches();
    }
    int[] positions = Arrays.stream(both).map(row -> Arrays.binarySearch(rows, row)).toArray();
    return positions.length == 0 ? Batches.NONE : evaluation.batches().select(positions);
  }
}
