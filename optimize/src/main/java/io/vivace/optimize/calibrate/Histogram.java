package io.vivace.optimize.calibrate;

import java.util.Arrays;

/** Counts numbers in bins; all but the last bin leave out their upper edge. */
final class Histogram {
  private final double[] edges;
  private final long[] counts;

  Histogram(double[] edges, long[] counts) {
    this.edges = edges;
    this.counts = counts;
  }

  /**
   * Bins of equal width between two numbers, with edges in single precision as NumPy has them; in
   * double where their distance is above all floats.
   */
  static Histogram uniform(float from, float to, int bins) {
    float first = from == to ? from - 0.5f : from;
    float last = from == to ? to + 0.5f : to;
    float step = (last - first) / bins;
    double wide = ((double) last - first) / bins;
    double[] edges = new double[bins + 1];
    for (int i = 0; i < bins; i++) {
      edges[i] = Float.isFinite(step) ? i * step + first : i * wide + first;
    }
    edges[bins] = last;
    return new Histogram(edges, new long[bins]);
  }

  int bins() {
    return counts.length;
  }

  double edge(int index) {
    return edges[index];
  }

  double center(int bin) {
    return (edges[bin] + edges[bin + 1]) / 2;
  }

  long count(int bin) {
    return counts[bin];
  }

  long total() {
    return Arrays.stream(counts).sum();
  }

  long[] counts() {
    return counts.clone();
  }

  double[] edges() {
    return edges.clone();
  }

  /** Rounds the edges, as they are kept between two samples. */
  void roundEdges() {
    for (int i = 0; i < edges.length; i++) {
      edges[i] = (float) edges[i];
    }
  }

  void add(float[] values, int count, boolean absolute) {
    for (int i = 0; i < count; i++) {
      add(absolute ? Math.abs(values[i]) : values[i], 1);
    }
  }

  /** Numbers outside all bins are not counted. */
  void add(double value, long times) {
    int last = counts.length;
    if (value < edges[0] || value > edges[last]) {
      return;
    }
    int bin = (int) ((value - edges[0]) / (edges[last] - edges[0]) * last);
    bin = Math.min(bin, last - 1);
    while (bin > 0 && value < edges[bin]) {
      bin--;
    }
    while (bin < last - 1 && value >= edges[bin + 1]) {
      bin++;
    }
    counts[bin] += times;
  }

  /** Puts what another one counted into the bins of this one. */
  void addAll(Histogram other) {
    for (int i = 0; i < other.bins(); i++) {
      if (other.count(i) > 0) {
        double center = Math.max(edges[0], Math.min(edges[bins()], other.center(i)));
        add(center, other.count(i));
      }
    }
  }

  /**
   * The first bin up to which at least this share of the numbers lies; the number of bins if none.
   */
  int quantile(double share) {
    double total = total();
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      sum += counts[i] / total;
      if (sum >= share) {
        return i;
      }
    }
    return counts.length;
  }
}
