package io.vivace.evaluate.compare;

import java.util.Objects;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * The signed-rank test of Wilcoxon: two models over several data sets, or any paired values whose
 * differences are symmetric about 0 where there is no difference.
 *
 * <p>Default: differences of 0 are left out, two-sided, exact up to 50 ranked differences and the
 * normal approximation, corrected for ties but not for continuity, above. The exact p-value is that
 * of all assignments of signs to the ranks at hand, so it is exact with ties, too; SciPy's {@code
 * method="exact"} is not, and agrees where there are none. Where every difference is 0, p is 1.
 *
 * <p>The statistic is the sum of the ranks of the positive differences; two-sided, the smaller of
 * the two sums. Source: Wilcoxon 1945, Pratt 1959, Cureton 1967.
 */
public final class WilcoxonSignedRank {
  private static final int EXACT_UP_TO = 50;
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private final ZeroHandling zeros;
  private final Alternative alternative;
  private final int exactUpTo;
  private final boolean continuity;

  private WilcoxonSignedRank(
      ZeroHandling zeros, Alternative alternative, int exactUpTo, boolean continuity) {
    this.zeros = zeros;
    this.alternative = alternative;
    this.exactUpTo = exactUpTo;
    this.continuity = continuity;
  }

  /**
   * The test as in the class comment.
   *
   * @return the test
   */
  public static WilcoxonSignedRank standard() {
    return new WilcoxonSignedRank(ZeroHandling.DROP, Alternative.TWO_SIDED, EXACT_UP_TO, false);
  }

  /**
   * Handles differences of 0 otherwise.
   *
   * @param handling default {@link ZeroHandling#DROP}
   * @return a changed copy
   */
  public WilcoxonSignedRank zeros(ZeroHandling handling) {
    Objects.requireNonNull(handling, "handling");
    return new WilcoxonSignedRank(handling, alternative, exactUpTo, continuity);
  }

  /**
   * Looks for something else.
   *
   * @param sought default {@link Alternative#TWO_SIDED}
   * @return a changed copy
   */
  public WilcoxonSignedRank alternative(Alternative sought) {
    Objects.requireNonNull(sought, "sought");
    return new WilcoxonSignedRank(zeros, sought, exactUpTo, continuity);
  }

  /**
   * Says up to how many ranked differences p is exact; time grows with the cube.
   *
   * @param differences default 50, from 0 (never exact) to 1,000
   * @return a changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public WilcoxonSignedRank exactUpTo(int differences) {
    if (differences < 0 || differences > 1000) {
      throw new IllegalArgumentException(
          "exactUpTo must be from 0 to 1000, but was " + differences);
    }
    return new WilcoxonSignedRank(zeros, alternative, differences, continuity);
  }

  /**
   * Moves the approximation's statistic by one half towards its mean.
   *
   * @return a changed copy
   */
  public WilcoxonSignedRank continuityCorrected() {
    return new WilcoxonSignedRank(zeros, alternative, exactUpTo, true);
  }

  /**
   * Makes the test on pairs.
   *
   * @param first the first of each pair
   * @param second the second
   * @return the result
   * @throws IllegalArgumentException if the lengths differ or are 0, or a difference is not finite
   */
  public TestResult test(double[] first, double[] second) {
    return test(Samples.differences(first, second));
  }

  /**
   * Makes the test on differences.
   *
   * @param differences first minus second, finite, at least 1
   * @return the result
   * @throws IllegalArgumentException if there are none, or one is not finite
   */
  public TestResult test(double[] differences) {
    Samples.finite(differences, 1, "differences");
    SignedRanks ranks = SignedRanks.of(differences, zeros);
    boolean exact = ranks.count() <= exactUpTo;
    double statistic =
        alternative == Alternative.TWO_SIDED
            ? Math.min(ranks.positive(), ranks.negative())
            : ranks.positive();
    double p = ranks.count() == 0 ? 1 : exact ? exact(ranks) : approximate(ranks);
    return new TestResult(
        "Wilcoxon signed-rank, " + (exact ? "exact" : "normal"), statistic, Math.min(1, p));
  }

  private double exact(SignedRanks ranks) {
    double[] tails = ranks.exactTails();
    return switch (alternative) {
      case LESS -> tails[0];
      case GREATER -> tails[1];
      case TWO_SIDED -> 2 * Math.min(tails[0], tails[1]);
    };
  }

  private double approximate(SignedRanks ranks) {
    double excess = ranks.positive() - ranks.mean();
    double towardsMean =
        switch (alternative) {
          case LESS -> -0.5;
          case GREATER -> 0.5;
          case TWO_SIDED -> Math.signum(excess) * 0.5;
        };
    double z = (excess - (continuity ? towardsMean : 0)) / Math.sqrt(ranks.variance());
    return switch (alternative) {
      case LESS -> NORMAL.cumulativeProbability(z);
      case GREATER -> NORMAL.survivalProbability(z);
      case TWO_SIDED -> 2 * NORMAL.survivalProbability(Math.abs(z));
    };
  }

  @Override
  public String toString() {
    return "WilcoxonSignedRank[zeros=%s, alternative=%s, exactUpTo=%d, continuityCorrected=%s]"
        .formatted(zeros, alternative, exactUpTo, continuity);
  }
}
