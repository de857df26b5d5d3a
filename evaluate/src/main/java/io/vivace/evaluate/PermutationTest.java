package io.vivace.evaluate;

import io.vivace.core.Provenance;
import io.vivace.evaluate.metric.Metric;
import java.util.Arrays;
import java.util.Locale;

/**
 * Whether a model has learnt anything that holds for other examples: its cross-validated score
 * against the scores after the labels were shuffled. Immutable.
 *
 * <pre>{@code p = (number of shuffles with at least as good a score + 1) / (shuffles + 1)}</pre>
 *
 * <p>Source: Ojala and Garriga, "Permutation tests for studying classifier performance", JMLR 11
 * (2010), test 1.
 */
public final class PermutationTest {
  private final Metric<?> metric;
  private final double score;
  private final double[] shuffledScores;
  private final Provenance provenance;

  PermutationTest(Metric<?> metric, double score, double[] shuffledScores, Provenance provenance) {
    this.metric = metric;
    this.score = score;
    this.shuffledScores = shuffledScores.clone();
    this.provenance = provenance;
  }

  /**
   * Returns the mean score with the labels as they are.
   *
   * @return the score
   */
  public double score() {
    return score;
  }

  /**
   * Returns the mean score of each shuffle.
   *
   * @return a copy, in the order of the shuffles
   */
  public double[] shuffledScores() {
    return shuffledScores.clone();
  }

  /**
   * Returns how likely at least so good a score is if inputs and labels have nothing to do with
   * each other.
   *
   * @return above 0, at most 1; NaN if the score is undefined
   */
  public double pValue() {
    if (Double.isNaN(score)) {
      return Double.NaN;
    }
    long asGood =
        Arrays.stream(shuffledScores)
            .filter(each -> !Double.isNaN(each) && !metric.goal().isBetter(score, each))
            .count();
    return (asGood + 1.0) / (shuffledScores.length + 1.0);
  }

  /**
   * Returns what made this.
   *
   * @return data, splitter, seed, settings, versions, machine and time
   */
  public Provenance provenance() {
    return provenance;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "PermutationTest[%s %.4f, p = %.4f, %,d shuffles]",
        metric.name(),
        score,
        pValue(),
        shuffledScores.length);
  }
}
