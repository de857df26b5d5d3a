package io.vivace.evaluate.search;

import java.util.ArrayList;
import java.util.List;

/** Successive halving in brackets, among which the trials take turns. */
final class HyperbandPruner extends Pruner {
  private final int first;
  private final int last;
  private final int factor;
  private final List<HalvingPruner> brackets = new ArrayList<>();

  /** The bracket of each trial of a round. */
  private final List<Integer> turns = new ArrayList<>();

  HyperbandPruner(int first, int last, int factor) {
    this.first = first;
    this.last = last;
    this.factor = factor;
    int skipped = 0;
    for (long rung = first; rung <= last; rung *= factor) {
      brackets.add(new HalvingPruner(first, factor, skipped++));
    }
    if (brackets.isEmpty()) {
      throw new IllegalArgumentException(
          "the last step must not be before the first, but they were " + last + " and " + first);
    }
    deal();
  }

  /** A bracket that skips s of n rungs gets ceil(n factor^(n-1-s) / (n-s)) of a round's trials. */
  private void deal() {
    int n = brackets.size();
    double[] share = new double[n];
    double[] dealt = new double[n];
    double round = 0;
    for (int s = 0; s < n; s++) {
      share[s] = Math.ceil(n * Math.pow(factor, n - 1 - s) / (n - s));
      round += share[s];
    }
    int trials = (int) Math.min(round, 1000);
    for (int t = 1; t <= trials; t++) {
      int next = 0;
      for (int s = 1; s < n; s++) {
        if (t * share[s] / round - dealt[s] > t * share[next] / round - dealt[next]) {
          next = s;
        }
      }
      dealt[next]++;
      turns.add(next);
    }
  }

  int bracket(int number) {
    return turns.get(number % turns.size());
  }

  @Override
  boolean prunes(Standing standing) {
    int bracket = bracket(standing.number());
    return brackets.get(bracket).prunes(standing, number -> bracket(number) == bracket);
  }

  /** Returns the name and every option. */
  @Override
  public String toString() {
    return "hyperband(first=" + first + ", last=" + last + ", factor=" + factor + ")";
  }
}
