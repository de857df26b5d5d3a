package io.vivace.evaluate.metric;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the score from which class 1 should be predicted, on data that the model was not trained
 * on. Immutable.
 *
 * <pre>{@code
 * DecisionThreshold.Choice choice =
 *     DecisionThreshold.optimize(RECALL).subjectTo(PRECISION, 0.9).on(validation);
 * Labels labels = test.toLabels(choice.threshold());
 * }</pre>
 *
 * <p>Tries every distinct score, and "never" (an infinite threshold). Of equally good thresholds
 * the highest is taken. Costs one pass and one evaluation of four weighted rows for each threshold,
 * whatever the metric.
 */
public final class DecisionThreshold {
  private final Metric<Labels> metric;
  private final List<Condition> conditions;

  /** A metric that must be at least as good as a bound. */
  private record Condition(Metric<Labels> metric, double bound) {
    boolean holds(Labels labels) {
      double value = metric.of(labels);
      return value == bound || metric.goal().isBetter(value, bound);
    }

    @Override
    public String toString() {
      return metric.name() + (metric.goal() == Goal.MAXIMIZE ? " >= " : " <= ") + bound;
    }
  }

  /**
   * A threshold that was chosen.
   *
   * @param threshold the least score for which class 1 is predicted; infinite for never
   * @param value the metric there, on the data it was chosen on
   * @param metric what was made best
   */
  public record Choice(double threshold, double value, Metric<Labels> metric) {}

  private DecisionThreshold(Metric<Labels> metric, List<Condition> conditions) {
    this.metric = metric;
    this.conditions = List.copyOf(conditions);
  }

  /**
   * Says what should be best.
   *
   * @param metric a metric of two classes; its goal says whether it is maximized
   * @return the search
   */
  public static DecisionThreshold optimize(Metric<Labels> metric) {
    return new DecisionThreshold(metric, List.of());
  }

  /**
   * Takes only thresholds at which another metric is good enough.
   *
   * @param other the other metric
   * @param bound the worst value that will do
   * @return a search with one condition more
   * @throws IllegalArgumentException if the bound is NaN
   */
  public DecisionThreshold subjectTo(Metric<Labels> other, double bound) {
    Rows.check(!Double.isNaN(bound), "the bound of %s must be a number", other.name());
    List<Condition> more = new ArrayList<>(conditions);
    more.add(new Condition(other, bound));
    return new DecisionThreshold(metric, more);
  }

  /**
   * Chooses on data.
   *
   * @param batch rows of two classes, not those of the training
   * @return the best threshold
   * @throws IllegalArgumentException if there are not two classes, nothing weighs anything, or at
   *     no threshold the conditions hold and the metric is a number
   */
  public Choice on(Scores batch) {
    Steps steps = CurveArea.twoClasses(batch);
    Choice best = better(null, Double.POSITIVE_INFINITY, table(steps, 0, 0));
    double found = 0;
    double wrong = 0;
    for (int i = 0; i < steps.size; i++) {
      found += steps.positive[i];
      wrong += steps.negative[i];
      best = better(best, steps.threshold[i], table(steps, found, wrong));
    }
    if (best == null) {
      throw new IllegalArgumentException(
          "at none of %,d thresholds %s is a number and %s holds"
              .formatted(steps.size + 1, metric.name(), conditions));
    }
    return best;
  }

  private @Nullable Choice better(@Nullable Choice best, double threshold, Labels labels) {
    double value = metric.of(labels);
    boolean isBetter =
        best == null ? !Double.isNaN(value) : metric.goal().isBetter(value, best.value());
    return isBetter && conditions.stream().allMatch(condition -> condition.holds(labels))
        ? new Choice(threshold, value, metric)
        : best;
  }

  /** One row for each kind of answer, which weighs as much as all of them. */
  private static Labels table(Steps steps, double found, double wrong) {
    return Labels.of(new int[] {1, 0, 1, 0}, new int[] {1, 1, 0, 0}, 2)
        .weighted(found, wrong, steps.positives - found, steps.negatives - wrong);
  }
}
