package io.vivace.evaluate.metric;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table: a metric, or another measured figure as a latency. Two columns of the same
 * identity are equal.
 */
public final class Column {
  private final String name;
  private final String identity;
  private final Goal goal;
  private final String unit;
  private final @Nullable Metric<?> metric;

  private Column(String name, String identity, Goal goal, String unit, @Nullable Metric<?> metric) {
    this.name = Objects.requireNonNull(name, "name");
    this.identity = Objects.requireNonNull(identity, "identity");
    this.goal = Objects.requireNonNull(goal, "goal");
    this.unit = Objects.requireNonNull(unit, "unit");
    this.metric = metric;
  }

  /**
   * Makes the column of a metric.
   *
   * @param metric the metric
   * @return a column without unit
   */
  public static Column of(Metric<?> metric) {
    return new Column(metric.name(), metric.identity(), metric.goal(), "", metric);
  }

  /**
   * Makes the column of another figure.
   *
   * @param name its name
   * @param goal which values are better
   * @param unit the unit of the values, such as {@code "ns"}; empty for none
   * @return a column
   */
  public static Column of(String name, Goal goal, String unit) {
    return new Column(name, name + " [" + unit + ']', goal, unit, null);
  }

  /**
   * Returns the short name.
   *
   * @return such as {@code "f1 macro"}
   */
  public String name() {
    return name;
  }

  /**
   * Returns the name with every option.
   *
   * @return what tells it from other columns
   */
  public String identity() {
    return identity;
  }

  /**
   * Returns which values are better.
   *
   * @return the goal
   */
  public Goal goal() {
    return goal;
  }

  /**
   * Returns the unit of the values.
   *
   * @return a unit, or an empty text
   */
  public String unit() {
    return unit;
  }

  /**
   * Returns the metric.
   *
   * @return the metric, if this is the column of one
   */
  public Optional<Metric<?>> metric() {
    return Optional.ofNullable(metric);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Column column && column.identity.equals(identity);
  }

  @Override
  public int hashCode() {
    return identity.hashCode();
  }

  @Override
  public String toString() {
    return identity;
  }
}
