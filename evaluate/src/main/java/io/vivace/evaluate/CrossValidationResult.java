package io.vivace.evaluate;

import io.vivace.core.Provenance;
import io.vivace.evaluate.metric.Column;
import io.vivace.evaluate.metric.Metric;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came of a cross-validation: the folds in order, the scores of each metric, and what was
 * answered out of fold. Immutable and thread-safe.
 *
 * @param <O> the type of the answers
 */
public final class CrossValidationResult<O> {
  private final List<FoldResult<O>> folds;
  private final List<Metric<?>> metrics;
  private final OutOfFold<O> outOfFold;
  private final Batches pooled;
  private final Provenance provenance;

  CrossValidationResult(
      List<FoldResult<O>> folds,
      List<Metric<?>> metrics,
      OutOfFold<O> outOfFold,
      Batches pooled,
      Provenance provenance) {
    this.folds = List.copyOf(folds);
    this.metrics = metrics;
    this.outOfFold = outOfFold;
    this.pooled = pooled;
    this.provenance = provenance;
  }

  /**
   * Returns what came of each fold.
   *
   * @return in the order of the splitter
   */
  public List<FoldResult<O>> folds() {
    return folds;
  }

  /**
   * Returns how a metric fared over the folds.
   *
   * @param metric one of the metrics
   * @return its values, mean and interval
   * @throws IllegalArgumentException if the metric was not asked for
   */
  public FoldScores scores(Metric<?> metric) {
    requireMetric(metric);
    return scores(Column.of(metric), folds);
  }

  static <O> FoldScores scores(Column column, List<FoldResult<O>> folds) {
    return new FoldScores(
        folds.stream().mapToDouble(fold -> fold.value(column)).toArray(), testToTraining(folds));
  }

  static <O> double testToTraining(List<FoldResult<O>> folds) {
    return folds.stream()
        .mapToDouble(fold -> (double) fold.fold().testSize() / fold.fold().trainingSize())
        .average()
        .orElse(Double.NaN);
  }

  /**
   * Returns the mean of a metric over the folds in which it is defined.
   *
   * @param metric one of the metrics
   * @return the mean; NaN if it is defined in none
   * @throws IllegalArgumentException if the metric was not asked for
   */
  public double mean(Metric<?> metric) {
    return scores(metric).mean();
  }

  /**
   * Returns a metric of all out-of-fold answers taken together, which is another figure than the
   * mean over folds.
   *
   * @param metric one of the metrics
   * @return the value; NaN where it is undefined
   * @throws IllegalArgumentException if the metric was not asked for
   */
  public double pooled(Metric<?> metric) {
    requireMetric(metric);
    return pooled.value(metric);
  }

  private void requireMetric(Metric<?> metric) {
    if (metrics.stream().noneMatch(each -> Column.of(each).equals(Column.of(metric)))) {
      throw new IllegalArgumentException(
          metric.identity() + " was not asked for, but " + Metrics.names(metrics));
    }
  }

  /**
   * Returns what was answered to each example by models that had not learnt from it.
   *
   * @return the answers
   */
  public OutOfFold<O> outOfFold() {
    return outOfFold;
  }

  /**
   * Returns how many folds failed.
   *
   * @return at least 0
   */
  public int failedFolds() {
    return (int) folds.stream().filter(fold -> fold.error().isPresent()).count();
  }

  /**
   * Returns what made this.
   *
   * @return data, splitter, seed, settings, versions, machine and time
   */
  public Provenance provenance() {
    return provenance;
  }

  List<Metric<?>> metrics() {
    return metrics;
  }

  /**
   * Puts results over the same folds side by side: means over folds, with tests against the first
   * by the corrected resampled t-test.
   *
   * @param results by name, in the order of the map
   * @return models by metrics; the failures of a row are its failed folds
   * @throws IllegalArgumentException if there is no result, or folds or metrics differ
   */
  public static MetricTable table(Map<String, ? extends CrossValidationResult<?>> results) {
    if (results.isEmpty()) {
      throw new IllegalArgumentException("there is no result to put into a table");
    }
    CrossValidationResult<?> first = results.values().iterator().next();
    Map<String, Evidence> evidence = new LinkedHashMap<>();
    for (Map.Entry<String, ? extends CrossValidationResult<?>> each : results.entrySet()) {
      CrossValidationResult<?> result = each.getValue();
      result.requireLike(first, each.getKey());
      evidence.put(each.getKey(), new FoldEvidence(result));
    }
    return MetricTable.of(
        evidence, Map.of(), evidence.keySet().iterator().next(), Figure.LEVEL, first.provenance);
  }

  private void requireLike(CrossValidationResult<?> first, String name) {
    boolean sameFolds = folds.size() == first.folds.size();
    for (int i = 0; sameFolds && i < folds.size(); i++) {
      sameFolds =
          Arrays.equals(folds.get(i).fold().test(), first.folds.get(i).fold().test())
              && Arrays.equals(
                  folds.get(i).fold().training(), first.folds.get(i).fold().training());
    }
    if (!sameFolds || !Metrics.names(metrics).equals(Metrics.names(first.metrics))) {
      throw new IllegalArgumentException(
          "result "
              + name
              + " is of other folds or metrics than the first: run them with the same splitter,"
              + " seed, data and metrics");
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("CrossValidationResult[");
    for (Metric<?> metric : metrics) {
      text.append(metric.name()).append(' ').append(scores(metric)).append(", ");
    }
    return text.append(failedFolds()).append(" folds failed]").toString();
  }
}
