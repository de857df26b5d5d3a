package io.vivace.evaluate;

import io.vivace.core.Provenance;
import io.vivace.evaluate.metric.Metric;
import java.util.List;
import java.util.Objects;

/**
 * How a metric changes with the number of training examples (a learning curve) or with a parameter
 * of the estimator (a validation curve).
 *
 * @param metric the metric
 * @param points one per number of examples or value of the parameter, in the order given
 * @param provenance what made this
 * @param <P> the type of what is changed
 */
public record ScoreCurve<P>(Metric<?> metric, List<Point<P>> points, Provenance provenance) {
  /**
   * Copies the points.
   *
   * @param metric the metric
   * @param points in the order given
   * @param provenance what made this
   */
  public ScoreCurve {
    Objects.requireNonNull(metric, "metric");
    points = List.copyOf(points);
    Objects.requireNonNull(provenance, "provenance");
  }

  /**
   * A point of the curve.
   *
   * @param parameter the number of examples, or the value of the parameter
   * @param training the scores on what was learnt from
   * @param test the scores on what was judged with
   * @param <P> the type of the parameter
   */
  public record Point<P>(P parameter, FoldScores training, FoldScores test) {}
}
