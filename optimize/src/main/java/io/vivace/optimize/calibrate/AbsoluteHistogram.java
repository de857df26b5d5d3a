package io.vivace.optimize.calibrate;

import java.util.Arrays;

/**
 * A histogram of absolute numbers that grows at its upper end, and the range below a percentile of
 * them: the symmetric percentile of ONNX Runtime's calibrator (1.30), fed sample by sample.
 */
final class AbsoluteHistogram implements RangeObserver {
  private final int bins;
  private final double percentile;
  private Histogram histogram = Histogram.uniform(0, 0, 1);
  private boolean started;
  private float low = Float.POSITIVE_INFINITY;
  private float high = Float.NEGATIVE_INFINITY;

  AbsoluteHistogram(int bins, double percentile) {
    this.bins = bins;
    this.percentile = percentile;
  }

  @Override
  public void add(float[] values, int count, float lowest, float highest) {
    float reach = Math.max(Math.abs(lowest), Math.abs(highest));
    if (!started) {
      histogram = Histogram.uniform(smallest(values, count), reach, bins);
      started = true;
    } else if (reach > histogram.edge(histogram.bins())) {
      grow(reach);
    }
    histogram.add(values, count, true);
    histogram.roundEdges();
    low = Math.min(low, lowest);
    high = Math.max(high, highest);
  }

  private static float smallest(float[] values, int count) {
    float smallest = Float.POSITIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      smallest = Math.min(smallest, Math.abs(values[i]));
    }
    return smallest;
  }

  private void grow(float reach) {
    double[] edges = histogram.edges();
    float width = (float) edges[1] - (float) edges[0];
    float from = (float) edges[edges.length - 1] + width;
    double length = Math.ceil((reach + width - from) / width);
    // No number where the width leaves the range of floats.
    if (!(edges.length + length <= SignedHistogram.MOST_BINS)) {
      Histogram wide = Histogram.uniform((float) edges[0], reach, bins);
      wide.addAll(histogram);
      histogram = wide;
      return;
    }
    int more = (int) Math.max(0, length);
    // As numpy.arange has it: the first step is taken in single precision, the others in double.
    double delta = (double) (from + width) - from;
    double[] grown = Arrays.copyOf(edges, edges.length + more);
    for (int i = 0; i < more; i++) {
      grown[edges.length + i] = from + i * delta;
    }
    histogram = new Histogram(grown, Arrays.copyOf(histogram.counts(), histogram.bins() + more));
  }

  @Override
  public ActivationRange range() {
    double edge = histogram.edge(histogram.quantile(percentile / 100));
    return ActivationRange.within(-edge, edge, low, high);
  }
}
