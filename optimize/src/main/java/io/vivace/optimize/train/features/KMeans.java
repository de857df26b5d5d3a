package io.vivace.optimize.train.features;

import io.vivace.core.Estimator;
import io.vivace.core.FitContext;
import io.vivace.core.Progress;
import io.vivace.core.StopSignal;
import io.vivace.core.data.FeaturePreparation;
import io.vivace.core.data.FeatureTransform;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Clusters examples around centres: Lloyd's iteration (1982) from centres that k-means++ chooses
 * (Arthur and Vassilvitskii, 2007; of several candidates for each next centre the best is taken),
 * as often as there are restarts, of which the one of the smallest inertia is kept. As a
 * preparation it gives an example's distance to each centre. Immutable: each option returns a
 * changed copy.
 *
 * <pre>{@code
 * Clustering clusters = KMeans.clusters(10).cluster(training.inputs());
 * int nearest = clusters.predictor().predict(example);
 * FeatureTransform distances = KMeans.clusters(10).fit(training.inputs());
 * }</pre>
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #restarts restarts}</td><td>10</td></tr>
 * <tr><td>{@link #rounds rounds}</td><td>300</td></tr>
 * <tr><td>{@link #tolerance tolerance}</td><td>0.0001</td></tr>
 * <tr><td>{@link #seed seed}</td><td>42</td></tr>
 * <tr><td>{@link #startingAt startingAt}</td><td>k-means++</td></tr>
 * </table>
 *
 * <p>Features are not scaled: put {@link io.vivace.core.data.FeatureScaling} first where their
 * units differ. A cluster that loses all its examples gets the one that is farthest from its own
 * centre. From the same start, centres, number of rounds and inertia equal those of scikit-learn's
 * {@code KMeans}. The same examples, options and seed give the same centres on every machine.
 *
 * <p>Edge cases: fewer different examples than clusters are refused where k-means++ chooses the
 * start; from given centres they leave a cluster that has no example, or more than one centre at
 * the same place, as far as there are examples at all. A feature that is constant changes nothing.
 * NaN and infinite values are refused: impute first.
 */
public final class KMeans implements FeaturePreparation {
  private static final long DEFAULT_SEED = 42;

  private final int clusters;
  private final int restarts;
  private final int rounds;
  private final double tolerance;
  private final long seed;
  private final double @Nullable [][] start;

  private KMeans(
      int clusters,
      int restarts,
      int rounds,
      double tolerance,
      long seed,
      double @Nullable [][] start) {
    this.clusters = clusters;
    this.restarts = restarts;
    this.rounds = rounds;
    this.tolerance = tolerance;
    this.seed = seed;
    this.start = start;
  }

  /**
   * Looks for so many clusters.
   *
   * @param count from 1 to the number of different examples
   * @return the preparation
   * @throws IllegalArgumentException if the number is below 1
   */
  public static KMeans clusters(int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "there must be at least 1 cluster, but was asked for " + count);
    }
    return new KMeans(count, 10, 300, 1e-4, DEFAULT_SEED, null);
  }

  /**
   * Starts at given centres, once, as to go on from an earlier clustering.
   *
   * @param centres at least one, all of the same length and finite
   * @return the preparation; it has copied the numbers
   * @throws IllegalArgumentException if there is none, or they cannot be used
   */
  public static KMeans startingAt(double[][] centres) {
    FeatureMatrix.of(java.util.Arrays.asList(centres));
    return new KMeans(centres.length, 1, 300, 1e-4, DEFAULT_SEED, Matrices.copy(centres));
  }

  /**
   * Sets how often to start anew.
   *
   * @param times from 1; default 10. From given centres there is one start
   * @return a changed copy
   * @throws IllegalArgumentException if it is below 1
   */
  public KMeans restarts(int times) {
    requirePositive("restarts", times);
    return new KMeans(clusters, start == null ? times : 1, rounds, tolerance, seed, start);
  }

  /**
   * Sets after how many rounds a start ends at the latest.
   *
   * @param most from 1; default 300
   * @return a changed copy
   * @throws IllegalArgumentException if it is below 1
   */
  public KMeans rounds(int most) {
    requirePositive("rounds", most);
    return new KMeans(clusters, restarts, most, tolerance, seed, start);
  }

  /**
   * Sets when centres have come to rest: when the sum of the squares of what they moved in a round
   * is at most this times the mean variance of the features. A start ends in any case when no
   * example changes its cluster.
   *
   * @param share at least 0; default 0.0001
   * @return a changed copy
   * @throws IllegalArgumentException if it is below 0 or not finite
   */
  public KMeans tolerance(double share) {
    if (!(share >= 0 && share < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the tolerance must be finite and at least 0, but was " + share);
    }
    return new KMeans(clusters, restarts, rounds, share, seed, start);
  }

  /**
   * Sets where all randomness comes from.
   *
   * @param number any number; default 42. The {@link #estimator estimator} takes the seed of its
   *     context instead
   * @return a changed copy
   */
  public KMeans seed(long number) {
    return new KMeans(clusters, restarts, rounds, tolerance, number, start);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, but was " + value);
    }
  }

  /**
   * Finds the clusters and returns the distances to their centres.
   *
   * @param training at least as many different examples as clusters, all of the same length and
   *     finite
   * @return the distances, one per cluster
   * @throws IllegalArgumentException as for {@link #cluster(Iterable)}
   */
  @Override
  public FeatureTransform fit(Iterable<double[]> training) {
    return cluster(training).transform();
  }

  /**
   * Finds the clusters.
   *
   * @param training at least as many different examples as clusters, all of the same length and
   *     finite
   * @return the best of all starts
   * @throws IllegalArgumentException if there are fewer examples than clusters, or fewer different
   *     ones where no centres were given, they differ in length from each other or from given
   *     centres, or a value is not finite
   */
  public Clustering cluster(Iterable<double[]> training) {
    return cluster(training, seed, Progress.none(), StopSignal.never());
  }

  /**
   * Returns this as an estimator, whose predictor answers with the number of the nearest centre. It
   * takes the seed of its context, and reports after each start, stage {@code restart}, the {@code
   * inertia} of the best so far.
   *
   * @param <Y> the type of the labels, which are not looked at
   * @return the estimator
   */
  public <Y> Estimator<double[], Y, Integer> estimator() {
    return (training, context) -> cluster(training.inputs(), context).predictor();
  }

  private Clustering cluster(Iterable<double[]> training, FitContext<?, ?> context) {
    return cluster(training, context.seed(), context.progress(), context.stopSignal());
  }

  private Clustering cluster(
      Iterable<double[]> training, long seed, Progress progress, StopSignal stop) {
    FeatureMatrix examples = FeatureMatrix.of(training);
    if (examples.rows() < clusters) {
      throw new IllegalArgumentException(
          "%d clusters were asked for, but there are %d examples: ask for at most that"
              .formatted(clusters, examples.rows()));
    }
    if (start != null && start[0].length != examples.columns()) {
      throw new IllegalArgumentException(
          "the centres have %d numbers, but the examples have %d features"
              .formatted(start[0].length, examples.columns()));
    }
    double rest = tolerance * examples.meanVariance();
    SplittableRandom random = new SplittableRandom(seed);
    Lloyd best = null;
    for (int i = 1; i <= restarts; i++) {
      double[][] first =
          start != null
              ? Matrices.copy(start)
              : new PlusPlus(examples, random.split()).choose(clusters);
      Lloyd found = new Lloyd(examples, first);
      found.run(rounds, rest, stop);
      best = best == null || found.inertia() < best.inertia() ? found : best;
      progress.report(new Progress.Step("restart", i, restarts, Map.of("inertia", best.inertia())));
    }
    return java.util.Objects.requireNonNull(best).clustering();
  }

  /**
   * Returns the options.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return "KMeans[clusters=%d, restarts=%d, rounds=%d, tolerance=%s, seed=%d, start=%s]"
        .formatted(
            clusters, restarts, rounds, tolerance, seed, start == null ? "k-means++" : "given");
  }
}
