package io.vivace.evaluate.latency;

import io.vivace.evaluate.metric.Column;
import io.vivace.evaluate.metric.Constraint;
import io.vivace.evaluate.metric.Goal;
import java.time.Duration;

/** What a model costs, as a column of tables and as something to bound. */
public enum Resource {
  /** The median latency of a call, in nanoseconds. */
  P50_LATENCY("p50 latency", Goal.MINIMIZE, "ns"),
  /** The latency that 90 % of the calls do not exceed, in nanoseconds. */
  P90_LATENCY("p90 latency", Goal.MINIMIZE, "ns"),
  /** The latency that 99 % of the calls do not exceed, in nanoseconds. */
  P99_LATENCY("p99 latency", Goal.MINIMIZE, "ns"),
  /** The latency that 99.9 % of the calls do not exceed, in nanoseconds. */
  P999_LATENCY("p99.9 latency", Goal.MINIMIZE, "ns"),
  /** Items per second, asked for all at once by one caller. */
  THROUGHPUT("throughput", Goal.MAXIMIZE, "1/s"),
  /** Heap memory that a call allocates on the calling thread, in bytes. */
  ALLOCATION("allocation", Goal.MINIMIZE, "B"),
  /** The size of the model's file, or of all files of its folder, in bytes. */
  SIZE("size", Goal.MINIMIZE, "B");

  private final String figure;
  private final Goal goal;
  private final String unit;

  Resource(String figure, Goal goal, String unit) {
    this.figure = figure;
    this.goal = goal;
    this.unit = unit;
  }

  /**
   * Returns the column of tables.
   *
   * @return the column
   */
  public Column column() {
    return Column.of(figure, goal, unit);
  }

  /**
   * Bounds a latency from above.
   *
   * @param bound the longest that is allowed
   * @return the constraint
   * @throws IllegalArgumentException if this is no latency
   */
  public Constraint atMost(Duration bound) {
    if (!unit.equals("ns")) {
      throw new IllegalArgumentException(
          figure + " is measured in " + unit + ", so its bound is no duration");
    }
    return atMost((double) bound.toNanos());
  }

  /**
   * Bounds it from above.
   *
   * @param bound in the unit of the column, finite; see {@link #megabytes}
   * @return the constraint
   * @throws IllegalArgumentException if the bound is not finite
   */
  public Constraint atMost(double bound) {
    return new Constraint(column(), true, bound);
  }

  /**
   * Bounds it from below, as a throughput.
   *
   * @param bound in the unit of the column, finite
   * @return the constraint
   * @throws IllegalArgumentException if the bound is not finite
   */
  public Constraint atLeast(double bound) {
    return new Constraint(column(), false, bound);
  }

  /**
   * Returns megabytes in bytes.
   *
   * @param megabytes millions of bytes
   * @return bytes
   */
  public static double megabytes(double megabytes) {
    return megabytes * 1e6;
  }
}
