package io.vivace.evaluate.metric;

import java.util.Arrays;

/**
 * How probabilities are put into bins. Immutable.
 *
 * <p>Bins are {@code (low, high]} by default, with 0 in the first, as in scikit-learn and in Guo et
 * al., 2017; {@link #lowerClosed()} makes them {@code [low, high)}, with 1 in the last.
 */
public final class Binning {
  private final int bins;
  private final boolean quantiles;
  private final boolean isLowerClosed;

  private Binning(int bins, boolean quantiles, boolean isLowerClosed) {
    Rows.check(bins >= 1, "there must be at least 1 bin, but was %d", bins);
    this.bins = bins;
    this.quantiles = quantiles;
    this.isLowerClosed = isLowerClosed;
  }

  /**
   * Makes bins of equal width over [0, 1].
   *
   * @param bins how many, at least 1
   * @return the binning
   * @throws IllegalArgumentException if there is none
   */
  public static Binning uniform(int bins) {
    return new Binning(bins, false, false);
  }

  /**
   * Makes bins with about as many rows each: the edges are quantiles of the probabilities, linearly
   * interpolated. Weights do not move them.
   *
   * @param bins how many, at least 1
   * @return the binning
   * @throws IllegalArgumentException if there is none
   */
  public static Binning quantile(int bins) {
    return new Binning(bins, true, false);
  }

  /**
   * Puts a probability on an edge into the upper bin.
   *
   * @return the binning
   */
  public Binning lowerClosed() {
    return new Binning(bins, quantiles, true);
  }

  int bins() {
    return bins;
  }

  boolean isUniform() {
    return !quantiles;
  }

  /** The inner edges, rising. */
  double[] edges(double[] probabilities) {
    double[] edges = new double[bins - 1];
    double step = 1.0 / bins;
    double[] sorted = quantiles ? probabilities.clone() : probabilities;
    if (quantiles) {
      Arrays.sort(sorted);
    }
    for (int i = 0; i < edges.length; i++) {
      double share = (i + 1) * step;
      edges[i] = quantiles ? quantile(sorted, share * 100 / 100) : share;
    }
    return edges;
  }

  /** Of sorted numbers; interpolates from the nearer side. */
  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) Math.floor(at);
    int above = Math.min(below + 1, sorted.length - 1);
    double part = at - below;
    double gap = sorted[above] - sorted[below];
    return part < 0.5 ? sorted[below] + gap * part : sorted[above] - gap * (1 - part);
  }

  /** The bin of a probability among inner edges. */
  int bin(double[] edges, double probability) {
    int low = 0;
    int high = edges.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      boolean isAbove = isLowerClosed ? probability >= edges[middle] : probability > edges[middle];
      if (isAbove) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Returns kind, number and edge rule. */
  @Override
  public String toString() {
    return "%s(%d)%s"
        .formatted(quantiles ? "quantile" : "uniform", bins, isLowerClosed ? " lower-closed" : "");
  }
}
