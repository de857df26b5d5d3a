package io.vivace.evaluate.internal;

/** Ranks from 1, ties averaged. */
public final class Ranks {
  private final double[] values;
  private final double tieTerm;

  private Ranks(double[] values, double tieTerm) {
    this.values = values;
    this.tieTerm = tieTerm;
  }

  /**
   * The rank of each value.
   *
   * @return not copied
   */
  public double[] values() {
    return values;
  }

  /**
   * The sum over groups of t tied values of t^3 - t.
   *
   * @return the sum
   */
  public double tieTerm() {
    return tieTerm;
  }

  /**
   * Ranks values ascending.
   *
   * @param values no NaN
   * @return the ranks
   */
  public static Ranks of(double[] values) {
    int[] order = Order.ascending(values);
    double[] sorted = Order.apply(values, order);
    int n = values.length;
    double[] ranks = new double[n];
    double ties = 0;
    for (int begin = 0, end; begin < n; begin = end) {
      end = begin + 1;
      while (end < n && sorted[end] == sorted[begin]) {
        end++;
      }
      double rank = (begin + 1.0 + end) / 2;
      for (int i = begin; i < end; i++) {
        ranks[order[i]] = rank;
      }
      double tied = end - begin;
      ties += tied * tied * tied - tied;
    }
    return new Ranks(ranks, ties);
  }
}
