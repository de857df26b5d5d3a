package io.vivace.evaluate.compare;

import io.vivace.evaluate.internal.Ranks;
import java.util.Arrays;

/** Ranks of the sizes of differences, by their sign. */
final class SignedRanks {
  private final double[] ranks;
  private final double positive;
  private final double negative;
  private final double mean;
  private final double variance;

  private SignedRanks(
      double[] ranks, double positive, double negative, double mean, double variance) {
    this.ranks = ranks;
    this.positive = positive;
    this.negative = negative;
    this.mean = mean;
    this.variance = variance;
  }

  /** Of the differences that are not 0. */
  double[] ranks() {
    return ranks;
  }

  /** The sum of the ranks of positive ones, with half the ranks of zeros where these are split. */
  double positive() {
    return positive;
  }

  /** The same of negative ones. */
  double negative() {
    return negative;
  }

  /** Of {@code positive} under the null hypothesis. */
  double mean() {
    return mean;
  }

  /** Of {@code positive} in the normal approximation. */
  double variance() {
    return variance;
  }

  static SignedRanks of(double[] differences, ZeroHandling zeros) {
    double[] kept =
        zeros == ZeroHandling.DROP
            ? Arrays.stream(differences).filter(d -> d != 0).toArray()
            : differences;
    Ranks all = Ranks.of(Arrays.stream(kept).map(Math::abs).toArray());
    double positive = 0;
    double negative = 0;
    double[] ranks = new double[kept.length];
    int used = 0;
    for (int i = 0; i < kept.length; i++) {
      double rank = all.values()[i];
      positive += kept[i] > 0 ? rank : 0;
      negative += kept[i] < 0 ? rank : 0;
      if (kept[i] != 0) {
        ranks[used++] = rank;
      }
    }
    double n = kept.length;
    double zero = n - used;
    double mean = n * (n + 1) / 4;
    double variance = n * (n + 1) * (2 * n + 1) - all.tieTerm() / 2;
    if (zeros == ZeroHandling.SPLIT) {
      positive += zero * (zero + 1) / 4;
      negative += zero * (zero + 1) / 4;
    } else {
      mean -= zero * (zero + 1) / 4;
      // the ties of the zeros are in tieTerm, but not in what Pratt's test ranks
      variance += (zero * zero * zero - zero) / 2 - zero * (zero + 1) * (2 * zero + 1);
    }
    return new SignedRanks(Arrays.copyOf(ranks, used), positive, negative, mean, variance / 24);
  }

  int count() {
    return ranks.length;
  }

  /**
   * The probabilities of a sum of positive ranks at most, and at least, the one found: all signs
   * are as likely. Ranks are counted in halves, since tied ones end in one half.
   */
  double[] exactTails() {
    int[] halves = Arrays.stream(ranks).mapToInt(rank -> (int) Math.round(2 * rank)).toArray();
    int total = Arrays.stream(halves).sum();
    double[] probability = new double[total + 1];
    probability[0] = 1;
    int reach = 0;
    for (int rank : halves) {
      reach += rank;
      for (int sum = reach; sum >= 0; sum--) {
        probability[sum] = (probability[sum] + (sum >= rank ? probability[sum - rank] : 0)) / 2;
      }
    }
    // half of the zeros' ranks is on both sides, so the difference of the sums does without it
    int observed = (int) Math.round((positive - negative) + total / 2.0);
    double below = 0;
    for (int sum = 0; sum <= observed; sum++) {
      below += probability[sum];
    }
    double above = 0;
    for (int sum = total; sum >= observed; sum--) {
      above += probability[sum];
    }
    return new double[] {Math.min(1, below), Math.min(1, above)};
  }
}
