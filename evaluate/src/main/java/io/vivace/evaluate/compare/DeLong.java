package io.vivace.evaluate.compare;

import io.vivace.evaluate.internal.Placements;
import io.vivace.evaluate.metric.Interval;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * DeLong's test: the areas under the ROC curves of two scorers on the same examples.
 *
 * <p>Asymptotic; a little liberal with few examples of a class. Where the difference does not vary
 * at all, p is 1 if it is 0 and else 0. Source: DeLong, DeLong and Clarke-Pearson 1988, by the
 * algorithm of Sun and Xu 2014 in O(n log n).
 *
 * @param firstAuc the area of the first, in [0, 1]
 * @param secondAuc the area of the second, in [0, 1]
 * @param variance of their difference, at least 0
 */
public record DeLong(double firstAuc, double secondAuc, double variance) {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /**
   * Compares two scorers.
   *
   * @param positive whether an example is of the positive class; at least 2 of each class
   * @param first the first's score of each example, higher for positives; not NaN
   * @param second the second's score
   * @return the comparison
   * @throws IllegalArgumentException if lengths differ, a score is NaN, or a class has fewer than 2
   *     examples
   */
  public static DeLong of(boolean[] positive, double[] first, double[] second) {
    check(positive, first, "first");
    check(positive, second, "second");
    Placements a = Placements.of(positive, first);
    Placements b = Placements.of(positive, second);
    if (a.ofPositives().length < 2 || a.ofNegatives().length < 2) {
      throw new IllegalArgumentException(
          "DeLong's test needs at least 2 examples of each class, but got %d positive and %d negative"
              .formatted(a.ofPositives().length, a.ofNegatives().length));
    }
    double variance = a.covariance(a) + b.covariance(b) - 2 * a.covariance(b);
    // equal placements cancel to a few ulps of the parts
    double noise = 1e-15 * (a.covariance(a) + b.covariance(b));
    return new DeLong(a.auc(), b.auc(), variance <= noise ? 0 : variance);
  }

  private static void check(boolean[] positive, double[] scores, String name) {
    Samples.sameLength(positive.length, scores.length, "positive and " + name);
    for (int i = 0; i < scores.length; i++) {
      if (Double.isNaN(scores[i])) {
        throw new IllegalArgumentException(
            "scores must not be NaN, but score %d of the %s was".formatted(i, name));
      }
    }
  }

  /**
   * Returns the first area minus the second.
   *
   * @return in [-1, 1]
   */
  public double difference() {
    return firstAuc - secondAuc;
  }

  /**
   * Makes the two-sided test.
   *
   * @return the result, with the statistic z
   */
  public TestResult test() {
    double z = StudentT.statistic(difference(), Math.sqrt(variance));
    return new TestResult("DeLong", z, Math.min(1, 2 * NORMAL.survivalProbability(Math.abs(z))));
  }

  /**
   * Makes an interval of the difference.
   *
   * @param level in (0, 1), such as 0.95
   * @return the difference and as many standard errors to both sides as the level asks for
   * @throws IllegalArgumentException if the level is out of range
   */
  public Interval interval(double level) {
    double tail = (1 - Samples.level(level, "level")) / 2;
    double margin = NORMAL.inverseSurvivalProbability(tail) * Math.sqrt(variance);
    return new Interval(difference() - margin, difference() + margin, level, "DeLong");
  }
}
