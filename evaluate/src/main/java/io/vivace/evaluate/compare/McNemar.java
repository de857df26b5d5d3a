package io.vivace.evaluate.compare;

import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * McNemar's test: two classifiers, each right or wrong on the same examples. Only the examples on
 * which they disagree count; where both are equally good, each side of these is as likely.
 *
 * <p>Without any disagreement every variant gives p = 1. Source: McNemar 1947; the mid-p variant:
 * Fagerland, Lydersen and Laake, "The McNemar test for binary matched-pairs data", 2013, who
 * recommend it: the exact test is conservative.
 *
 * @param onlyFirst the examples on which only the first is right, at least 0
 * @param onlySecond the examples on which only the second is right, at least 0
 */
public record McNemar(long onlyFirst, long onlySecond) {
  /** Below so many disagreements {@link #test()} is exact. */
  private static final int FEW = 25;

  /**
   * Checks the counts.
   *
   * @param onlyFirst the examples on which only the first is right, at least 0
   * @param onlySecond the examples on which only the second is right, at least 0
   */
  public McNemar {
    if (onlyFirst < 0 || onlySecond < 0 || onlyFirst + onlySecond > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "counts must be from 0 to %d together, but were %d and %d"
              .formatted(Integer.MAX_VALUE, onlyFirst, onlySecond));
    }
  }

  /**
   * Counts the disagreements.
   *
   * @param firstRight whether the first is right, for each example
   * @param secondRight whether the second is right on the same example
   * @return the test on these counts
   * @throws IllegalArgumentException if the lengths differ or are 0
   */
  public static McNemar of(boolean[] firstRight, boolean[] secondRight) {
    Samples.sameLength(firstRight.length, secondRight.length, "firstRight and secondRight");
    if (firstRight.length == 0) {
      throw new IllegalArgumentException("McNemar's test needs at least 1 example, but got none");
    }
    long first = 0;
    long second = 0;
    for (int i = 0; i < firstRight.length; i++) {
      first += firstRight[i] && !secondRight[i] ? 1 : 0;
      second += secondRight[i] && !firstRight[i] ? 1 : 0;
    }
    return new McNemar(first, second);
  }

  /**
   * The test that suits the counts: exact below 25 disagreements, else the corrected chi-squared.
   *
   * @return the result, two-sided
   */
  public TestResult test() {
    return disagreements() < FEW ? exact() : corrected();
  }

  /**
   * The exact binomial test. Never rejects too often, and so rejects too seldom on few
   * disagreements.
   *
   * @return the result, two-sided; the statistic is the smaller count
   */
  public TestResult exact() {
    return result("McNemar exact", smaller(), Math.min(1, 2 * tail()));
  }

  /**
   * The exact test with half the weight on the observed counts: close to its level.
   *
   * @return the result, two-sided; the statistic is the smaller count
   */
  public TestResult midP() {
    if (disagreements() == 0) {
      return result("McNemar mid-p", 0, 1);
    }
    double p = 2 * tail() - binomial().probability(smaller());
    return result("McNemar mid-p", smaller(), Math.min(1, Math.max(0, p)));
  }

  /**
   * The chi-squared approximation with Edwards' correction, {@code (|b-c|-1)^2/(b+c)}.
   *
   * @return the result, two-sided
   */
  public TestResult corrected() {
    return chiSquared("McNemar chi-squared, corrected", 1);
  }

  /**
   * The chi-squared approximation as it is, {@code (b-c)^2/(b+c)}. A little liberal on few
   * disagreements.
   *
   * @return the result, two-sided
   */
  public TestResult uncorrected() {
    return chiSquared("McNemar chi-squared", 0);
  }

  private TestResult chiSquared(String test, int correction) {
    if (disagreements() == 0) {
      return result(test, 0, 1);
    }
    double excess = Math.max(0, Math.abs((double) onlyFirst - onlySecond) - correction);
    double statistic = excess * excess / disagreements();
    return result(test, statistic, ChiSquaredDistribution.of(1).survivalProbability(statistic));
  }

  private double tail() {
    return disagreements() == 0 ? 1 : binomial().cumulativeProbability(smaller());
  }

  private BinomialDistribution binomial() {
    return BinomialDistribution.of((int) disagreements(), 0.5);
  }

  private long disagreements() {
    return onlyFirst + onlySecond;
  }

  private int smaller() {
    return (int) Math.min(onlyFirst, onlySecond);
  }

  private static TestResult result(String test, double statistic, double pValue) {
    return new TestResult(test, statistic, pValue);
  }
}
