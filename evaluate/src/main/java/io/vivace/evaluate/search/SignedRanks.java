package io.vivace.evaluate.search;

import java.util.List;

/**
 * The one-sided Wilcoxon signed-rank test: exact up to 50 differences, ties included, else the
 * normal approximation with the variance corrected for ties. A zero counts half on either side.
 */
final class SignedRanks {
  private static final int EXACT = 50;

  private SignedRanks() {}

  /** The probability of differences as great as these if every sign were a coin's. */
  static double greaterProbability(List<Double> differences) {
    int n = differences.size();
    double[] sizes = differences.stream().mapToDouble(Math::abs).toArray();
    int[] order = SortedPlaces.of(sizes);
    int[] doubled = new int[n]; // twice the mean rank of each tie, so a whole number
    double positive = 0;
    double tied = 0;
    for (int i = 0; i < n; ) {
      int end = i + 1;
      while (end < n && sizes[end] == sizes[i]) {
        end++;
      }
      for (int k = i; k < end; k++) {
        doubled[k] = i + 1 + end;
        positive += share(differences.get(order[k])) * doubled[k];
      }
      double many = end - i;
      tied += many * many * many - many;
      i = end;
    }
    if (n <= EXACT) {
      return exact(doubled, sizes, positive);
    }
    double mean = n * (n + 1.0) / 4;
    double variance = n * (n + 1.0) * (2.0 * n + 1) / 24 - tied / 48;
    return Normal.cdf((mean - positive / 2) / Math.sqrt(variance));
  }

  private static double share(double difference) {
    return difference > 0 ? 1 : difference == 0 ? 0.5 : 0;
  }

  /** Counts the signs that give at least this sum of doubled ranks. */
  private static double exact(int[] doubled, double[] sizes, double sum) {
    double[] share = new double[doubled.length * (doubled.length + 1) + 1];
    share[0] = 1;
    double zeros = 0;
    for (int i = 0; i < doubled.length; i++) {
      if (sizes[i] == 0) {
        zeros += doubled[i] / 2.0;
        continue;
      }
      for (int s = share.length - 1; s >= 0; s--) {
        share[s] = 0.5 * (share[s] + (s >= doubled[i] ? share[s - doubled[i]] : 0));
      }
    }
    double tail = 0;
    for (int s = (int) Math.ceil(sum - zeros); s < share.length; s++) {
      tail += share[s];
    }
    return Math.min(1, tail);
  }
}
