package io.vivace.evaluate.search;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A trial that has ended.
 *
 * @param number its place in the study, from 0
 * @param params the point that was tried
 * @param state how it ended
 * @param values its scores in the order of the directions; empty unless it is complete
 * @param reports what it told on the way, by step
 * @param constraints by name, kept where the value is at most 0
 * @param failure what went wrong; null unless it failed
 */
public record TrialResult(
    int number,
    Params params,
    TrialState state,
    List<Double> values,
    SortedMap<Integer, Double> reports,
    Map<String, Double> constraints,
    @Nullable String failure) {

  /**
   * Copies what is given.
   *
   * @param number its place in the study, from 0
   * @param params the point that was tried
   * @param state how it ended
   * @param values its scores in the order of the directions
   * @param reports what it told on the way, by step
   * @param constraints by name, kept where the value is at most 0
   * @param failure what went wrong
   */
  public TrialResult {
    values = List.copyOf(values);
    reports = Collections.unmodifiableSortedMap(new TreeMap<>(reports));
    constraints = Collections.unmodifiableMap(new LinkedHashMap<>(constraints));
  }

  /**
   * Returns the score of a study with one direction.
   *
   * @return the first value; NaN if the trial is not complete
   */
  public double score() {
    return values.isEmpty() ? Double.NaN : values.get(0);
  }

  /**
   * Tells whether all constraints are kept. A NaN keeps none.
   *
   * @return true if so, or if there is none
   */
  public boolean isFeasible() {
    return violation() == 0;
  }

  /** How far the constraints are broken, summed; infinite where one is NaN. */
  double violation() {
    double sum = 0;
    for (double value : constraints.values()) {
      sum += Double.isNaN(value) ? Double.POSITIVE_INFINITY : Math.max(0, value);
    }
    return sum;
  }
}
