package io.vivace.evaluate;

import io.vivace.evaluate.metric.Column;
import io.vivace.evaluate.metric.Metric;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Rules for a list of metrics. */
final class Metrics {
  private Metrics() {}

  static List<Metric<?>> checked(Scorer<?, ?> scorer, List<Metric<?>> metrics) {
    Set<Column> seen = new HashSet<>();
    for (Metric<?> metric : metrics) {
      scorer.requireBatch(metric.batchType());
      if (!seen.add(Column.of(metric))) {
        throw new IllegalArgumentException("metric " + metric.identity() + " is given twice");
      }
    }
    return List.copyOf(metrics);
  }

  static void requireSome(List<Metric<?>> metrics) {
    if (metrics.isEmpty()) {
      throw new IllegalArgumentException("give at least one metric");
    }
  }

  static String names(List<Metric<?>> metrics) {
    return metrics.stream().map(Metric::identity).collect(Collectors.joining(", "));
  }
}
