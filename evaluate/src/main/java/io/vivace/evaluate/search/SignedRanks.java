package io.vivace.evaluate.search;

import java.util.List;

/**
 * The one-sided Wilcoxon signed-rank test. Exact up to 50 differences without ties and zeros, else
 * the normal approximation with the variance corrected for ties; a zero counts half on either side.
 */
final class SignedRanks {
  private static final int EXACT = 50;

  private SignedRanks() {}

  /** The probability of differences as great as these if their middle were 0. */
  static double greaterProbability(List<Double> differences) {
    int n = differences.size();
    double[] sizes = differences.stream().mapToDouble(Math::abs).toArray();
    int[] order = SortedPlaces.of(sizes);
    double positive = 0;
    double tied = 0;
    boolean plain = n <= EXACT && (n == 0 || sizes[0] > 0);
    for (int i = 0; i < n; ) {
      int end = i + 1;
      while (end < n && sizes[end] == sizes[i]) {
        end++;
      }
      double rank = (i + 1 + end) / 2.0;
      for (int k = i; k < end; k++) {
        double difference = differences.get(order[k]);
        positive += difference > 0 ? rank : difference == 0 ? rank / 2 : 0;
      }
      double many = end - i;
      tied += many * many * many - many;
      plain &= many == 1;
      i = end;
    }
    if (plain) {
      return exact(n, (int) Math.round(positive));
    }
    double mean = n * (n + 1.0) / 4;
    double variance = n * (n + 1.0) * (2.0 * n + 1) / 24 - tied / 48;
    return Normal.cdf((mean - positive) / Math.sqrt(variance));
  }

  /** Counts the signs that give at least this sum of ranks. */
  private static double exact(int n, int sum) {
    int most = n * (n + 1) / 2;
    double[] share = new double[most + 1];
    share[0] = 1;
    for (int rank = 1; rank <= n; rank++) {
      for (int s = most; s >= 0; s--) {
        share[s] = 0.5 * (share[s] + (s >= rank ? share[s - rank] : 0));
      }
    }
    double tail = 0;
    for (int s = Math.max(0, sum); s <= most; s++) {
      tail += share[s];
    }
    return Math.min(1, tail);
  }
}
