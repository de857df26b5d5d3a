package io.vivace.evaluate.select;

import io.vivace.evaluate.metric.Constraint;
import io.vivace.evaluate.metric.Interval;
import java.util.Collection;

/** Whether a bound is kept, judged by the confidence bounds of the figure. */
public enum Feasibility {
  /** The whole interval keeps the bound. */
  FEASIBLE,
  /** The bound lies within the interval, or the figure is unknown: measure more. */
  UNDECIDED,
  /** The whole interval breaks the bound. */
  INFEASIBLE;

  static Feasibility of(Constraint constraint, Interval interval) {
    if (!interval.isDefined()) {
      return UNDECIDED;
    }
    boolean lower = constraint.isKeptBy(interval.lower());
    boolean upper = constraint.isKeptBy(interval.upper());
    if (lower && upper) {
      return FEASIBLE;
    }
    return lower || upper ? UNDECIDED : INFEASIBLE;
  }

  /** The worst of several; of none feasible. */
  static Feasibility all(Collection<Feasibility> each) {
    return each.stream().max(Feasibility::compareTo).orElse(FEASIBLE);
  }
}
