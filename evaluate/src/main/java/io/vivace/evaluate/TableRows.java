package io.vivace.evaluate;

import io.vivace.evaluate.compare.Correction;
import io.vivace.evaluate.metric.Column;
import io.vivace.evaluate.metric.Goal;
import io.vivace.evaluate.metric.Metric;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes the rows of a table.
 *
 * @param evidence what lies behind each, by candidate
 * @param baseline the candidate that the others are tested against
 * @param level the confidence level
 */
record TableRows(Map<String, Evidence> evidence, String baseline, double level) {

  List<MetricTable.Row> of(List<Column> columns) {
    Map<String, List<MetricTable.Cell>> cells = new LinkedHashMap<>();
    evidence.keySet().forEach(name -> cells.put(name, new ArrayList<>()));
    for (Column column : columns) {
      addColumn(column, cells);
    }
    List<MetricTable.Row> rows = new ArrayList<>();
    evidence.forEach(
        (name, each) ->
            rows.add(
                new MetricTable.Row(
                    name,
                    Objects.requireNonNull(cells.get(name)),
                    each.examples(),
                    each.failures())));
    return rows;
  }

  private void addColumn(Column column, Map<String, List<MetricTable.Cell>> cells) {
    Map<String, Figure> figures = new LinkedHashMap<>();
    evidence.forEach((name, each) -> figures.put(name, figure(name, column)));
    Map<String, Comparison> comparisons =
        column.metric().map(metric -> comparisons(metric)).orElse(Map.of());
    figures.forEach(
        (name, figure) ->
            Objects.requireNonNull(cells.get(name))
                .add(
                    new MetricTable.Cell(
                        figure.value(),
                        figure.interval(),
                        isBest(figure, figures.values(), column.goal()),
                        comparisons.get(name))));
  }

  private Figure figure(String name, Column column) {
    return Objects.requireNonNull(
        Objects.requireNonNull(evidence.get(name)).figures().get(column), column::identity);
  }

  private Map<String, Comparison> comparisons(Metric<?> metric) {
    Evidence base = Objects.requireNonNull(evidence.get(baseline));
    Map<String, Comparison> raw = new LinkedHashMap<>();
    evidence.forEach(
        (name, each) -> {
          if (!name.equals(baseline)) {
            raw.put(name, each.compare(metric, base));
          }
        });
    return corrected(raw, metric.goal(), level);
  }

  /** Corrects the defined p-values after Holm and judges by them. */
  static Map<String, Comparison> corrected(Map<String, Comparison> raw, Goal goal, double level) {
    double[] adjusted =
        Correction.HOLM.adjust(
            raw.values().stream()
                .mapToDouble(Comparison::pValue)
                .filter(p -> !Double.isNaN(p))
                .toArray());
    Map<String, Comparison> result = new LinkedHashMap<>();
    int next = 0;
    for (Map.Entry<String, Comparison> each : raw.entrySet()) {
      Comparison comparison = each.getValue();
      double pValue = Double.isNaN(comparison.pValue()) ? Double.NaN : adjusted[next++];
      result.put(each.getKey(), judged(comparison, pValue, goal, level));
    }
    return result;
  }

  static Comparison judged(Comparison raw, double pValue, Goal goal, double level) {
    Comparison.Significance significance = Comparison.Significance.UNDECIDED;
    // An alpha of 1 - 0.95 would be a little less than 0.05.
    if (pValue <= Math.nextUp(1 - level) && raw.difference() != 0) {
      significance =
          goal.isBetter(raw.difference(), 0)
              ? Comparison.Significance.BETTER
              : Comparison.Significance.WORSE;
    }
    return new Comparison(raw.difference(), raw.interval(), raw.test(), pValue, significance);
  }

  static boolean isBest(@Nullable Figure figure, Collection<Figure> all, Goal goal) {
    return figure != null
        && !Double.isNaN(figure.value())
        && all.stream().noneMatch(other -> goal.isBetter(other.value(), figure.value()));
  }
}
