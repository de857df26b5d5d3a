package io.vivace.evaluate.select;

import io.vivace.evaluate.MetricTable;
import io.vivace.evaluate.metric.Constraint;
import io.vivace.evaluate.metric.Interval;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * How a candidate stands to the constraints.
 *
 * @param name the candidate
 * @param feasibility the worst of its checks
 * @param checks one per constraint, in the order given
 */
public record Assessment(String name, Feasibility feasibility, List<Check> checks) {
  /**
   * Copies the checks.
   *
   * @param name the candidate
   * @param feasibility the worst of its checks
   * @param checks one per constraint
   */
  public Assessment {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(feasibility, "feasibility");
    checks = List.copyOf(checks);
  }

  /**
   * One constraint and the figure that it bounds.
   *
   * @param constraint the bound
   * @param value the measured value; NaN where it is unknown
   * @param interval where the true value lies
   * @param feasibility whether the bound is kept
   */
  public record Check(
      Constraint constraint, double value, Interval interval, Feasibility feasibility) {
    /** Returns constraint, value, interval and judgement in one line. */
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s: %.6g in [%.6g, %.6g], %s",
          constraint,
          value,
          interval.lower(),
          interval.upper(),
          feasibility.name().toLowerCase(Locale.ROOT));
    }
  }

  static Assessment of(MetricTable table, String name, List<Constraint> constraints) {
    List<Check> checks =
        constraints.stream()
            .map(
                constraint -> {
                  MetricTable.Cell cell = table.cell(name, constraint.column());
                  return new Check(
                      constraint,
                      cell.value(),
                      cell.interval(),
                      Feasibility.of(constraint, cell.interval()));
                })
            .toList();
    return new Assessment(
        name, Feasibility.all(checks.stream().map(Check::feasibility).toList()), checks);
  }
}
