package io.vivace.evaluate.compare;

import io.vivace.evaluate.internal.SeededRandom;
import java.util.Arrays;

/**
 * The Bayesian signed-rank test: how likely one model is better than another on a data set yet to
 * come, by more than matters, from the differences on several data sets.
 *
 * <p>The prior is a Dirichlet process of strength 1 at a difference of 0. Each sampled set of
 * weights w gives the weight of pairs whose mean difference lies below, within and above the
 * region; the probabilities are how often each is the heaviest, over 50,000 samples by default.
 * Source: Benavoli, Corani, Mangili, Zaffalon and Ruggeri, "A Bayesian Wilcoxon signed-rank test
 * based on the Dirichlet process", 2014; Benavoli et al., "Time for a change", 2017.
 */
public final class BayesianSignedRank {
  private final double[] sorted;
  private final int samples;
  private final long seed;

  private BayesianSignedRank(double[] sorted, int samples, long seed) {
    this.sorted = sorted;
    this.samples = samples;
    this.seed = seed;
  }

  /**
   * Takes the differences.
   *
   * @param differences first minus second on each data set, at least 1, finite
   * @return the test
   * @throws IllegalArgumentException if there are none, or one is not finite
   */
  public static BayesianSignedRank of(double[] differences) {
    Samples.finite(differences, 1, "differences");
    double[] sorted = Arrays.copyOf(differences, differences.length + 1); // and the prior's 0
    Arrays.sort(sorted);
    return new BayesianSignedRank(sorted, 50_000, 42);
  }

  /**
   * Says how many sets of weights are sampled.
   *
   * @param count default 50,000, at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if it is below 1
   */
  public BayesianSignedRank samples(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("samples must be at least 1, but was " + count);
    }
    return new BayesianSignedRank(sorted, count, seed);
  }

  /**
   * Changes the random numbers.
   *
   * @param number default 42; the same seed gives the same probabilities
   * @return a changed copy
   */
  public BayesianSignedRank seed(long number) {
    return new BayesianSignedRank(sorted, samples, number);
  }

  /**
   * Returns the posterior around a region of practical equivalence.
   *
   * @param rope differences up to this size do not matter; finite, at least 0
   * @return the three probabilities
   * @throws IllegalArgumentException if {@code rope} is negative or not finite
   */
  public Posterior posterior(double rope) {
    checkRope(rope);
    int n = sorted.length;
    int[] lower = new int[n]; // pairs (i, j) with j below it have a mean below the region
    int[] upper = new int[n]; // and with j from it on, a mean above
    for (int i = 0; i < n; i++) {
      while (lower[i] < n && (sorted[i] + sorted[lower[i]]) / 2 < -rope) {
        lower[i]++;
      }
      while (upper[i] < n && (sorted[i] + sorted[upper[i]]) / 2 <= rope) {
        upper[i]++;
      }
    }
    SeededRandom random = new SeededRandom(seed);
    int[] wins = new int[3];
    double[] upTo = new double[n + 1];
    for (int sample = 0; sample < samples; sample++) {
      for (int i = 0; i < n; i++) {
        upTo[i + 1] = upTo[i] - Math.log1p(-random.nextDouble());
      }
      wins[heaviest(upTo, lower, upper)]++;
    }
    double count = samples;
    return new Posterior(wins[0] / count, wins[1] / count, wins[2] / count);
  }

  private static int heaviest(double[] upTo, int[] lower, int[] upper) {
    int n = lower.length;
    double total = upTo[n];
    double below = 0;
    double above = 0;
    for (int i = 0; i < n; i++) {
      double weight = upTo[i + 1] - upTo[i];
      below += weight * upTo[lower[i]];
      above += weight * (total - upTo[upper[i]]);
    }
    double within = total * total - below - above;
    return within >= below && within >= above ? 1 : below > above ? 0 : 2;
  }

  static void checkRope(double rope) {
    if (!(rope >= 0 && rope < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("rope must be finite and at least 0, but was " + rope);
    }
  }
}
