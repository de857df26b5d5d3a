package io.vivace.evaluate.select;

import io.vivace.evaluate.MetricTable;
import io.vivace.evaluate.metric.Column;
import io.vivace.evaluate.metric.Goal;
import java.util.List;
import java.util.stream.Stream;

/**
 * What candidates cost.
 *
 * @param table where the figures stand
 * @param columns which figures, the one that decides first before the others
 */
record Costs(MetricTable table, List<Column> columns) {
  /** Tells whether the first figure that tells two candidates apart speaks for the first. */
  boolean isCheaper(String first, String second) {
    for (Column column : columns) {
      if (isClearlyBetter(column, first, second)) {
        return true;
      }
      if (isClearlyBetter(column, second, first)) {
        return false;
      }
    }
    return false;
  }

  private boolean isClearlyBetter(Column column, String first, String second) {
    MetricTable.Cell left = table.cell(first, column);
    MetricTable.Cell right = table.cell(second, column);
    if (!left.interval().isDefined() || !right.interval().isDefined()) {
      return false;
    }
    return column.goal() == Goal.MINIMIZE
        ? left.interval().upper() < right.interval().lower()
        : left.interval().lower() > right.interval().upper();
  }

  /** The candidates that no other beats in one figure without being worse in another. */
  List<String> paretoFront(List<String> names, Column objective) {
    return names.stream()
        .filter(name -> names.stream().noneMatch(other -> dominates(other, name, objective)))
        .toList();
  }

  private boolean dominates(String first, String second, Column objective) {
    boolean better = false;
    for (Column column : figures(objective)) {
      double left = table.cell(first, column).value();
      double right = table.cell(second, column).value();
      // A figure that is unknown for one of them says nothing about the two.
      if (!Double.isNaN(left) && !Double.isNaN(right)) {
        if (column.goal().isBetter(right, left)) {
          return false;
        }
        better |= column.goal().isBetter(left, right);
      }
    }
    return better;
  }

  private List<Column> figures(Column objective) {
    return Stream.concat(Stream.of(objective), columns.stream()).toList();
  }
}
