package io.vivace.evaluate;

import io.vivace.evaluate.compare.CorrectedResampledT;
import io.vivace.evaluate.compare.TestResult;
import io.vivace.evaluate.metric.Column;
import io.vivace.evaluate.metric.Interval;
import io.vivace.evaluate.metric.Metric;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A cross-validation as the row of a table: compared fold by fold, where both are defined.
 *
 * @param result the cross-validation
 */
record FoldEvidence(CrossValidationResult<?> result) implements Evidence {
  @Override
  public Map<Column, Figure> figures() {
    Map<Column, Figure> figures = new LinkedHashMap<>();
    for (Metric<?> metric : result.metrics()) {
      FoldScores scores = result.scores(metric);
      Interval interval = scores.interval(Figure.LEVEL); // of few folds: may be too wide
      figures.put(
          Column.of(metric),
          new Figure(scores.mean(), interval.within(metric.lowest(), metric.highest())));
    }
    return figures;
  }

  @Override
  public int examples() {
    return result.outOfFold().size();
  }

  @Override
  public int failures() {
    return result.failedFolds();
  }

  @Override
  public Comparison compare(Metric<?> metric, Evidence other) {
    FoldScores differences =
        result.scores(metric).minus(((FoldEvidence) other).result.scores(metric));
    TestResult test = test(differences);
    return new Comparison(
        differences.mean(),
        differences.interval(Figure.LEVEL),
        test.test(),
        differences.defined() < 2 ? Double.NaN : test.pValue(),
        Comparison.Significance.UNDECIDED);
  }

  private static TestResult test(FoldScores differences) {
    return differences.defined() < 2
        ? new TestResult("corrected resampled t", 0, 1)
        : new CorrectedResampledT(differences.definedValues(), differences.testToTraining()).test();
  }
}
