package io.vivace.evaluate;

import io.vivace.evaluate.metric.Metric;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

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
    return bootstrap.compare(metric, shared(evaluation, mine, theirs), shared(that, theirs, mine));
  }

  /** The batches over the rows that the other has too. */
  private static Batches shared(Evaluation evaluation, int[] rows, int[] others) {
    int[] positions =
        IntStream.range(0, rows.length)
            .filter(i -> Arrays.binarySearch(others, rows[i]) >= 0)
            .toArray();
    if (positions.length == rows.length) {
      return evaluation.batches();
    }
    return positions.length == 0 ? Batches.NONE : evaluation.batches().select(positions);
  }
}
