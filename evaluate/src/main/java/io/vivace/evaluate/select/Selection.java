package io.vivace.evaluate.select;

import io.vivace.evaluate.MetricTable;
import io.vivace.evaluate.metric.Column;
import io.vivace.evaluate.metric.Constraint;
import io.vivace.evaluate.metric.Goal;
import io.vivace.evaluate.metric.Metric;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses the model that is best by one metric among those that keep some bounds. Immutable: each
 * option returns a changed copy.
 *
 * <ol>
 *   <li>A candidate is feasible if the confidence interval of every bounded figure keeps its bound,
 *       infeasible if one breaks it as a whole, else undecided.
 *   <li>Of the feasible ones the one with the best value is compared to each other by a paired
 *       test, corrected after Holm. A rival is worse, practically equal (its interval lies within
 *       the margin), or open.
 *   <li>Of the best and those practically equal to it, the cheapest is chosen: a figure tells two
 *       candidates apart if their intervals do not overlap, and the first figure that does decides.
 *   <li>If a rival that is open is cheaper than that, or a candidate whose feasibility is undecided
 *       is better, the verdict is undecided and says about how many more examples would do.
 * </ol>
 *
 * <p>Intervals have the level of the table; with several bounds the chance that all of them hold at
 * once is smaller.
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #subjectTo(Constraint...) subjectTo}</td><td>no bounds</td></tr>
 * <tr><td>{@link #practicallyEqual(double) practicallyEqual}</td><td>0</td></tr>
 * <tr><td>{@link #cheapestBy(Column...) cheapestBy}</td><td>the bounded figures that are no metrics,
 *     in their order, then the table's others</td></tr>
 * </table>
 */
public final class Selection {
  private final Metric<?> objective;
  private final List<Constraint> constraints;
  private final double margin;
  private final List<Column> costs;

  private Selection(
      Metric<?> objective, List<Constraint> constraints, double margin, List<Column> costs) {
    this.objective = objective;
    this.constraints = constraints;
    this.margin = margin;
    this.costs = costs;
  }

  /**
   * Chooses by the highest value of a metric.
   *
   * @param metric one whose higher values are better
   * @return a selection without bounds
   * @throws IllegalArgumentException if lower values are better
   */
  public static Selection maximize(Metric<?> metric) {
    return of(metric, Goal.MAXIMIZE, "minimize");
  }

  /**
   * Chooses by the lowest value of a metric.
   *
   * @param metric one whose lower values are better
   * @return a selection without bounds
   * @throws IllegalArgumentException if higher values are better
   */
  public static Selection minimize(Metric<?> metric) {
    return of(metric, Goal.MINIMIZE, "maximize");
  }

  private static Selection of(Metric<?> metric, Goal goal, String other) {
    if (metric.goal() != goal) {
      throw new IllegalArgumentException(
          "the best " + metric.identity() + " is found by " + other + "(...)");
    }
    return new Selection(metric, List.of(), 0, List.of());
  }

  /**
   * Adds bounds.
   *
   * @param bounds such as {@code P99_LATENCY.atMost(...)} or {@code ECE.atMost(0.05)}
   * @return a changed copy
   */
  public Selection subjectTo(Constraint... bounds) {
    List<Constraint> all = new ArrayList<>(constraints);
    all.addAll(List.of(bounds));
    return new Selection(objective, List.copyOf(all), margin, costs);
  }

  /**
   * Says which differences do not matter: half the width of the region of practical equivalence.
   *
   * @param difference the largest difference of the objective that does not matter, at least 0
   * @return a changed copy
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public Selection practicallyEqual(double difference) {
    if (!(difference >= 0 && Double.isFinite(difference))) {
      throw new IllegalArgumentException(
          "the margin must be finite and at least 0, but was " + difference);
    }
    return new Selection(objective, constraints, difference, costs);
  }

  /**
   * Says what is cheap among candidates that are practically equal.
   *
   * @param figures the figure that decides first comes first
   * @return a changed copy
   */
  public Selection cheapestBy(Column... figures) {
    return new Selection(objective, constraints, margin, List.of(figures));
  }

  /**
   * Chooses.
   *
   * @param table models by metrics, with the objective and every bounded figure among its columns
   * @return the verdict with its evidence
   * @throws IllegalArgumentException if the table lacks one of these columns
   */
  public Verdict among(MetricTable table) {
    return new Deliberation(table, objective, constraints, margin, new Costs(table, costs(table)))
        .verdict();
  }

  private List<Column> costs(MetricTable table) {
    if (!costs.isEmpty()) {
      return costs;
    }
    List<Column> order = new ArrayList<>();
    constraints.stream().map(Constraint::column).forEach(order::add);
    order.addAll(table.columns());
    return order.stream().filter(column -> column.metric().isEmpty()).distinct().toList();
  }

  /** Returns every option with its value. */
  @Override
  public String toString() {
    return String.format(
        "Selection[objective=%s, constraints=%s, margin=%s, costs=%s]",
        objective.identity(), constraints, margin, costs);
  }
}
